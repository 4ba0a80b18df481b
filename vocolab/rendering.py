"""Renderer: a vocoder ready to use. It checks the mel and renders it in chunks that come out as one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vocolab.audio import BLOCK_SAMPLES, Audio
from vocolab.catalog import Catalog
from vocolab.errors import CallError, NoVoice, PluginError, Subject
from vocolab.interfaces import Signal, Vocoder
from vocolab.mels.mel import Mel
from vocolab.mels.reader import accept_mel
from vocolab.mels.spec import MelSpec
from vocolab.options import make_options
from vocolab.postfilters.options import PostfilterOptions, split_options, stated_options
from vocolab.postfilters.wrapping import with_postfilters
from vocolab.voice import Voice

CHUNK_FRAMES = 512
"""Frames that a chunk gives at least. All chunks but the last have one shape, for which the kernels are then warm."""
_CONTEXTS_A_CHUNK = 8
"""A chunk is at least this many times its context, so that at most a quarter of the work is done twice."""


@dataclass(frozen=True)
class Chunk:
    """Frames `start` to `stop` are wanted; `first` to `last` are given to the vocoder.

        first    start            stop    last
        |context |     wanted     |context|
    """

    first: int
    start: int
    stop: int
    last: int


def plan_chunks(frames: int, context_frames: int, chunk_frames: int) -> Iterator[Chunk]:
    """Chunks that cover `frames` in order, with real frames for context, none where the mel begins or ends.

    What lies beyond the mel's ends is left to the network's own padding, as in a single pass.
    """
    for start in range(0, frames, chunk_frames):
        stop = min(start + chunk_frames, frames)
        yield Chunk(max(0, start - context_frames), start, stop, min(frames, stop + context_frames))


class Renderer:
    """A vocoder with its voice: mel in, audio out, `frames * hop_samples` samples.

    Attributes:
        name: The vocoder's name.
        voice_name: The voice's name or file; empty for a vocoder without one.
        mel_spec: The convention of its mels.
        postfilters: What is done to the vocoder's output before it is the renderer's.
        on_note: Called with one line for everything that was assumed about a mel, or converted.
    """

    def __init__(
        self, vocoder: Vocoder, *, name: str = "", voice_name: str = "", chunk_frames: int | None = None,
        postfilters: PostfilterOptions = PostfilterOptions(),  # noqa: B008
    ) -> None:
        self.vocoder, self.name, self.voice_name = with_postfilters(vocoder, postfilters), name, voice_name
        self.postfilters = postfilters
        self.mel_spec: MelSpec = vocoder.mel_spec
        self.chunk_frames = chunk_frames or max(CHUNK_FRAMES, _CONTEXTS_A_CHUNK * self.vocoder.context_frames)
        self.on_note: Callable[[str], None] = lambda line: None

    @property
    def sample_rate(self) -> int:
        """Of the audio, in Hz."""
        return self.mel_spec.sample_rate

    def __call__(self, mel: Mel | NDArray[Any], *, seed: int = 0) -> Audio:
        """Audio for a `Mel`, or for an array of this vocoder's own convention in either axis order.

        Raises:
            MelError: if it is no mel that can be rendered; MelMismatch if its convention is another.
        """
        chunks = self.signal(mel, seed=seed).chunks()
        return Audio.mono(np.concatenate(list(chunks)), self.sample_rate)

    def signal(self, mel: Mel | NDArray[Any], *, seed: int = 0) -> RenderedSignal:
        """The same as a signal that is rendered while it is walked through, in memory that the chunk decides."""
        accepted, notes = accept_mel(mel, self.mel_spec)
        for note in notes:
            self.on_note(note)
        return RenderedSignal(self, accepted.values, seed)

    def batch(self, mels: Sequence[Mel | NDArray[Any]], seeds: Sequence[int] | None = None) -> list[Audio]:
        """Audio for each of several mels of any lengths, the same as one call for each gives.

        They are rendered one after the other. Four equal mels through a network in one pass take 0.8 to 0.9 of the CPU
        time of four passes; padding others to the longest uses that up, and a batch needs the memory of all.

        Args:
            mels: As one call takes them.
            seeds: One for each mel; None: 0 for all.

        Raises:
            CallError: if there are not as many seeds as mels.
            MelError: for the first mel that can't be rendered.
        """
        chosen = [0] * len(mels) if seeds is None else list(seeds)
        if len(chosen) != len(mels):
            raise CallError(f"{len(chosen)} seeds for {len(mels)} mels: give one for each")
        return [self(mel, seed=seed) for mel, seed in zip(mels, chosen, strict=True)]

    def __repr__(self) -> str:
        voice = f", voice={self.voice_name!r}" if self.voice_name else ""
        return f"Renderer({self.name!r}{voice}, {self.sample_rate} Hz)"


class RenderedSignal(Signal):
    """A rendering that happens while it is walked through; walking twice renders twice."""

    def __init__(self, renderer: Renderer, values: NDArray[np.float32], seed: int) -> None:
        self._renderer, self._values, self._seed = renderer, values, seed

    @property
    def sample_rate(self) -> int:
        """Hz."""
        return self._renderer.sample_rate

    @property
    def channels(self) -> int:
        """Always 1."""
        return 1

    @property
    def n_samples(self) -> int:
        """frames * hop_samples."""
        return int(self._values.shape[1]) * self._renderer.mel_spec.hop_samples

    def chunks(self) -> Iterator[NDArray[np.float32]]:
        """The samples, a chunk at a time, each (samples,)."""
        vocoder, hop = self._renderer.vocoder, self._renderer.mel_spec.hop_samples
        frames = int(self._values.shape[1])
        for chunk in plan_chunks(frames, vocoder.context_frames, self._renderer.chunk_frames):
            mel = np.ascontiguousarray(self._values[:, chunk.first : chunk.last])
            samples = vocoder.render(mel, first_frame=chunk.first, seed=self._seed)
            if samples.shape != ((chunk.last - chunk.first) * hop,):
                raise PluginError(
                    f"gave {samples.shape} for {mel.shape[1]} frames with a hop of {hop} "
                    "samples; a vocoder has to give frames * hop_samples",
                    about=Subject(self._renderer.name, "vocoder"),
                )
            yield samples[(chunk.start - chunk.first) * hop : (chunk.stop - chunk.first) * hop]

    def blocks(self, block_samples: int = BLOCK_SAMPLES) -> Iterator[NDArray[np.float32]]:
        """Blocks of (1, at most `block_samples`)."""
        for chunk in self.chunks():
            for start in range(0, chunk.size, block_samples):
                yield chunk[None, start : start + block_samples]


def open_vocoder(
    catalog: Catalog,
    name: str | None = None,
    voice: str | PathLike[str] | Voice | None = None,
    values: Mapping[str, Any] | None = None,
    mel_spec: MelSpec | None = None,
    *,
    denoise_db: float | None = None,
    refine: int | None = None,
) -> Renderer:
    """The vocoder `name` with `voice`, or with the best voice that is installed for it.

    Without a name it is the vocoder of the voice, and without both that of the best voice there is.

    Args:
        catalog: What is installed.
        name: A vocoder.
        voice: A voice's name, a voice file, or a `Voice`.
        values: The vocoder's options, and those of `PostfilterOptions` where the two below don't state them.
        mel_spec: The convention of the mels to come, for a vocoder that has none of its own.
        denoise_db: Strength at which the vocoder's own noise is subtracted: 0 once, 6 twice. None: it stays.
        refine: Rounds of mel-consistency refinement; 0 is none. None: as many as the voice recommends.

    Raises:
        UnknownName, OptionError: if there is no such vocoder, voice or option.
        NoVoice: if the vocoder needs trained weights and none are installed.
        CheckpointError: if the voice is damaged, or another vocoder's.
    """
    chosen: str | PathLike[str] | Voice | None = voice
    if voice is None and (name is None or catalog.vocoders.get(name).spec.needs_voice):
        best = catalog.voices.best() if name is None else catalog.default_voice(name)
        if best is None:
            raise _no_voice(catalog, name)
        chosen = best.qualified
        name = name or catalog.voices.reader(best)
    loaded = chosen if chosen is None or isinstance(chosen, Voice) else catalog.voices.load(chosen)
    if name is None:
        assert loaded is not None
        name = loaded.vocoder
    own, asked = split_options({**(values or {}), **stated_options(denoise_db=denoise_db, refine=refine)})
    advised = {} if loaded is None else loaded.recommended
    postfilters = make_options(PostfilterOptions, {**advised, **asked}, "postfilter")
    vocoder = catalog.vocoders.create(name, own, loaded, mel_spec)
    return Renderer(
        vocoder, name=catalog.vocoders.get(name).name, voice_name=_voice_name(chosen), postfilters=postfilters
    )


def _no_voice(catalog: Catalog, name: str | None) -> NoVoice:
    free = [entry.name for entry in catalog.vocoders.entries() if not entry.spec.needs_voice]
    instead = f", or take a vocoder that needs none: {', '.join(free)}" if free else ""
    return NoVoice(
        f"no trained voice for {repr(name) if name else 'any vocoder'} is installed: convert a checkpoint with "
        f"'vocolab convert', train one with 'vocolab train'{instead}"
    )


def _voice_name(voice: str | PathLike[str] | Voice | None) -> str:
    if voice is None or isinstance(voice, Voice):
        return "" if voice is None else "given"
    return str(voice)
