"""Renderer: a vocoder with its voice. A mel in, audio out; or blocks of a mel in, audio out as soon as can be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from vocolab.audio import Audio
from vocolab.engines.choice import Running
from vocolab.errors import CallError, VocolabError
from vocolab.interfaces import Vocoder, ahead_frames_of
from vocolab.mels.blocks import MelBlocks
from vocolab.mels.convert import compare, mismatch
from vocolab.mels.mel import Mel
from vocolab.mels.reader import Assumption, accept_mel
from vocolab.mels.spec import MelSpec
from vocolab.networks.device import CPU
from vocolab.plugins.specs import F0_INPUT, VocoderInput
from vocolab.postfilters.options import PostfilterOptions
from vocolab.postfilters.wrapping import with_postfilters
from vocolab.rendering.chunks import FIRST_FRAMES, chunk_frames_for, growing_sizes
from vocolab.rendering.inputs import Inputs, checked_inputs
from vocolab.rendering.rendered import RenderedSignal
from vocolab.rendering.streams import open_stream


class Renderer:
    """A vocoder with its voice: mel in, audio out, `frames * hop_samples` samples.

    Attributes:
        name: The vocoder's name.
        voice_name: The voice's name or file; empty for a vocoder without one.
        mel_spec: The convention of its mels.
        inputs: What it takes beside the mel, as keywords of a call.
        chunk_frames: Frames that are rendered together; memory and the speed of long mels depend on it, the samples
            don't. Set it as you like.
        postfilters: What is done to the vocoder's output before it is the renderer's.
        device: Where the vocoder's network runs.
        running: What runs it.
        stated: The convention of the arrays to come, see `state`. None: the vocoder's.
        force: Whether arrays are taken as what was stated, though their numbers speak against it.
        on_note: Called with one line for everything that was assumed about a mel, or converted. That arrays are taken
            as of the vocoder's convention, where nothing was stated, is said for the first.
    """

    def __init__(
        self, vocoder: Vocoder, *, name: str = "", voice_name: str = "", chunk_frames: int | None = None,
        postfilters: PostfilterOptions = PostfilterOptions(),  # noqa: B008
        inputs: Sequence[VocoderInput] = (),
    ) -> None:
        self.vocoder, self.name, self.voice_name = with_postfilters(vocoder, postfilters), name, voice_name
        self.postfilters, self.inputs = postfilters, tuple(inputs)
        self.mel_spec: MelSpec = vocoder.mel_spec
        if hasattr(vocoder, "late_frames"):
            vocoder.late_frames = ahead_frames_of(self.vocoder) - ahead_frames_of(vocoder)
        # A vocoder's own chunks suit its layers, which keep what they have seen. Refinement has all that it depends on
        # beside a chunk rendered again: chunks of few frames would be mostly that.
        own_chunk: int | None = None if postfilters.refine else getattr(vocoder, "chunk_frames", None)
        self.chunk_frames = chunk_frames or own_chunk or chunk_frames_for(self.vocoder.context_frames)
        self.device = CPU
        self.running = Running("")
        self.stated: MelSpec | None = None
        self.force = False
        self.are_bands_known = False
        """Whether mels come from an acoustic model that states its convention, so that theirs need no proof."""
        self.on_note: Callable[[str], None] = lambda line: None
        self._is_assumed = False  # and that was said

    @property
    def sample_rate(self) -> int:
        """Of the audio, in Hz."""
        return self.mel_spec.sample_rate

    def state(self, spec: MelSpec, *, force: bool = False) -> None:
        """Say what the arrays to come are: from now on they are converted. A `Mel` knows that itself.

        Raises:
            MelMismatch: if no conversion leads to this vocoder's convention.
        """
        if compare(spec, self.mel_spec).outcome == "incompatible":
            raise mismatch(spec, self.mel_spec, "the mel to come")
        self.stated, self.force = spec, force

    def __call__(self, mel: Mel | NDArray[Any], *, seed: int = 0, **inputs: Any) -> Audio:
        """Audio for a `Mel`, or for an array of the convention that was stated or is the vocoder's, in any axis order.

        Args:
            mel: What is rendered.
            seed: Of what is random.
            inputs: What the vocoder takes beside the mel, see `inputs`: `f0_hz=` one number a frame, `noise=`, each
                with its last axis over the mel's frames or the samples of the audio.

        Raises:
            MelError: if it is no mel that can be rendered; MelMismatch if its convention is another.
            CallError: if the vocoder does not take such an input, or it does not fit the mel.
        """
        return self.signal(mel, seed=seed, **inputs).rendered()

    def signal(self, mel: Mel | NDArray[Any], *, seed: int = 0, **inputs: Any) -> RenderedSignal:
        """The same as a signal that is rendered while it is walked through, in memory that the chunk decides."""
        stated = None if isinstance(mel, Mel) else self.stated
        accepted, notes = accept_mel(
            mel, self.mel_spec, stated, force=self.force, are_bands_known=self.are_bands_known
        )
        for note in notes:
            if not (isinstance(note, Assumption) and self._is_assumed):
                self.on_note(note)
        self._is_assumed = self._is_assumed or any(isinstance(note, Assumption) for note in notes)
        return self.signal_of(accepted, seed=seed, **inputs)

    def signal_of(self, accepted: Mel, *, seed: int = 0, **inputs: Any) -> RenderedSignal:
        """`signal` for a mel of this renderer's convention that was examined already, when it was read."""
        return RenderedSignal(self, accepted.values, seed, self._inputs(accepted, inputs))

    def open(self, *, seed: int = 0, first_frames: int = FIRST_FRAMES, chunk_frames: int | None = None) -> RenderStream:
        """A rendering that is pushed: blocks of a mel in, audio out; all together is what a call gives of the whole.

        Args:
            seed: Of what is random.
            first_frames: Frames of the first chunk. Each after it is twice as long, up to `chunk_frames`.
            chunk_frames: None: the renderer's own.

        Raises:
            CallError: if a chunk has no frame.
        """
        most = chunk_frames or self.chunk_frames
        if first_frames < 1 or most < 1:
            raise CallError(f"a chunk has at least 1 frame, not {min(first_frames, most)}")
        return RenderStream(self, growing_sizes(min(first_frames, most), most), seed)

    def batch(self, mels: Sequence[Mel | NDArray[Any]], seeds: Sequence[int] | None = None) -> list[Audio]:
        """Audio for each of several mels of any lengths, the same as one call for each gives.

        Short ones of one length share the passes of the network, which is faster: see `vocolab.rendering.batches`.
        None is padded, so that the others are rendered one after the other.

        Args:
            mels: As one call takes them.
            seeds: One for each mel; None: 0 for all.

        Raises:
            CallError: if there are not as many seeds as mels.
            MelError: for the first mel that can't be rendered. `try_batch` gives the others.
        """
        made = self.try_batch(mels, seeds)
        for one in made:
            if isinstance(one, Exception):
                raise one
        return cast("list[Audio]", made)

    def try_batch(
        self, mels: Sequence[Mel | NDArray[Any]], seeds: Sequence[int] | None = None
    ) -> list[Audio | VocolabError]:
        """The same, where the error stands in the place of a mel that can't be rendered, and the others are."""
        from vocolab.rendering.batches import rendered_together

        chosen = [0] * len(mels) if seeds is None else list(seeds)
        if len(chosen) != len(mels):
            raise CallError(f"{len(chosen)} seeds for {len(mels)} mels: give one for each")
        made = [self._tried(mel, seed) for mel, seed in zip(mels, chosen, strict=True)]
        examined = [one for one in made if isinstance(one, RenderedSignal)]
        results = iter(rendered_together(examined))
        return [next(results) if isinstance(one, RenderedSignal) else one for one in made]

    def _tried(self, mel: Mel | NDArray[Any], seed: int) -> RenderedSignal | VocolabError:
        try:
            return self.signal(mel, seed=seed)
        except VocolabError as error:
            return error

    def _inputs(self, mel: Mel, given: dict[str, Any]) -> Inputs:
        """What was given, and the F0 that a mel carries where the vocoder can use it."""
        if F0_INPUT in self.inputs and mel.f0_hz is not None:
            given = {F0_INPUT.name: mel.f0_hz, **given}
        return checked_inputs(self.inputs, given, mel.frames, self.mel_spec, self.name or "this vocoder")

    def __repr__(self) -> str:
        voice = f", voice={self.voice_name!r}" if self.voice_name else ""
        return f"Renderer({self.name!r}{voice}, {self.sample_rate} Hz)"


class RenderStream:
    """A rendering under way. Made by `Renderer.open`."""

    def __init__(self, renderer: Renderer, sizes: Iterator[int], seed: int) -> None:
        self.renderer = renderer
        self._blocks = MelBlocks(renderer.mel_spec, renderer.on_note, renderer.stated, force=renderer.force)
        self._stream = open_stream(renderer.vocoder, sizes, seed, renderer.name)
        self._names: set[str] | None = None
        self._finished = False

    @property
    def sample_rate(self) -> int:
        """Of the audio, in Hz."""
        return self.renderer.sample_rate

    def push(self, mel: Mel | NDArray[Any], **inputs: Any) -> NDArray[np.float32]:
        """The samples (n,) that are certain now; n is 0 as long as none are.

        Args:
            mel: The next frames: a `Mel`, or an array (n_mels, frames), of what was stated or else the renderer's own.
            inputs: As a call takes them, for these frames; the same names with each block.

        Raises:
            MelError: if it is no block of a mel of this convention; MelMismatch where its numbers speak against it.
            CallError: if the stream is finished, or an input does not fit.
        """
        if self._finished:
            raise CallError("this stream is finished; open another one")
        block = self._blocks.accept(mel)
        given = self.renderer._inputs(block, inputs)
        if self._names is not None and set(given) != self._names:
            was, now = (", ".join(sorted(names)) or "nothing" for names in (self._names, set(given)))
            raise CallError(f"a block came with {now} beside the mel, and those before with {was}: give each the same")
        self._names = set(given)
        return self._stream.push(block.values, **given)

    def finish(self) -> NDArray[np.float32]:
        """The samples that are left; after this nothing can be pushed.

        Raises:
            CallError: if the stream is finished already.
        """
        if self._finished:
            raise CallError("this stream is finished already")
        self._finished = True
        return self._stream.finish()
