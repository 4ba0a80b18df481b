"""The interfaces that plugins implement. They speak numpy, so that nobody is bound to torch.

Shapes, everywhere: audio is (channels, samples), a mel is (n_mels, frames). `samples` are audio, `frames` are mel.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from vocolab.audio import Audio
from vocolab.findings import Finding
from vocolab.mels.spec import MelSpec


@runtime_checkable
class Vocoder(Protocol):
    """Mel in, audio out. Built as `Class(options, voice, mel_spec)`.

    `options` is an instance of the spec's options class. `voice` is a `Voice`, or None for a vocoder whose spec says
    `needs_voice=False`. `mel_spec` is the convention that the caller's mels have, or None: only a vocoder
    without a voice looks at it, since a voice brings its own.

    A vocoder whose output depends on more than `context_frames` frames, a phase that runs on from the first frame for
    one, has `open` too: `StreamedVocoder`. One whose options ask for what the mel does not say, another pitch, has
    `keeps_mel = False`: no voice's recommendation then brings the output back to the mel. One that renders best in
    chunks of another length than the core's, for its memory or its speed, has `chunk_frames`. One whose samples depend
    on fewer frames after them than before them says so by `ahead_frames`: a stream of it starts sooner. One that works
    in blocks of its own may have `late_frames`, which is set to the frames that filters after it are late by: so many
    more have come when its first chunk is heard.
    """

    mel_spec: MelSpec
    """The convention of the mels that `render` takes."""

    context_frames: int
    """Frames on either side that a sample of the output depends on: the receptive field, computed and not guessed.

    The core renders long mels in chunks and gives each chunk this many real frames around it, where there are any.
    """

    def render(self, mel: NDArray[np.float32], *, first_frame: int = 0, seed: int = 0) -> NDArray[np.float32]:
        """Audio of exactly `frames * hop_samples` samples, mono, for a mel of (n_mels, frames).

        `first_frame` is where this mel stands in the whole one. A stochastic vocoder draws its noise from `seed` and
        the absolute position, so that a chunk comes out the same wherever the cuts fall.
        """
        ...


def ahead_frames_of(vocoder: Vocoder) -> int:
    """Frames after a sample that it depends on: as many as on either side, where the vocoder says nothing else."""
    return int(getattr(vocoder, "ahead_frames", vocoder.context_frames))


@runtime_checkable
class ConditionedVocoder(Vocoder, Protocol):
    """A vocoder that takes more than the mel, as its spec's `inputs` say."""

    def render(
        self, mel: NDArray[np.float32], *, first_frame: int = 0, seed: int = 0, **inputs: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """As `Vocoder.render`; `inputs` are those that the caller gave, each with its frames or samples of this mel."""
        ...


@runtime_checkable
class StreamedVocoder(Vocoder, Protocol):
    """A vocoder that carries state from block to block, as a `BlockEffect` does; `render` gives the whole in one."""

    def open(self, seed: int = 0) -> VocoderStream:
        """A stream at its first frame."""
        ...


@runtime_checkable
class StreamedCachingVocoder(StreamedVocoder, Protocol):
    """One whose layers can keep the last frames that they have seen, which suits small chunks better than large ones.

    Chunks of up to `most_cached_frames` are rendered so.
    """

    def open_cached(self, seed: int = 0) -> VocoderStream:
        """A stream at its first frame, which gives what that of `open` does."""
        ...


@runtime_checkable
class CachingVocoder(Vocoder, Protocol):
    """A vocoder whose layers can keep the last frames that they have seen, so that a stream computes none twice.

    Its stream gives what `render` gives of the whole, and takes nothing beside the mel. One whose layers cost more that
    way than a context that is computed again has `most_cached_frames`: longer chunks are rendered with their context.
    """

    def caching(self) -> VocoderStream | None:
        """A stream at its first frame; None where what runs the network can't: it is run on overlapping chunks then."""
        ...


class VocoderStream(Protocol):
    """Blocks of a mel in, audio out; all of it together is what `render` gives of the whole mel."""

    def push(self, mel: NDArray[np.float32], **inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """The samples that are certain once the frames (n_mels, frames) have come: as many as that may be, none too.

        `inputs` are as `Vocoder.render` takes them, for these frames.
        """
        ...

    def finish(self) -> NDArray[np.float32]:
        """The samples that are left once there is no further frame."""
        ...


@runtime_checkable
class Effect(Protocol):
    """Audio in, audio out, of the same length, alignment, rate and channels. Built as `Class(options)`.

    An effect that changes one of these says so: by `keeps_length = False`, by `keeps_rate = False`, or by a method
    `output_channels(channels)`. What it does not declare the chain holds it to.

    An effect that can work block by block inherits from `vocolab.effects.BlockEffect` instead of writing `__call__`,
    one that has to know the length or changes it from `vocolab.effects.SignalEffect`.
    """

    def __call__(self, audio: Audio) -> Audio:
        """The processed audio; the input is not modified."""
        ...


@runtime_checkable
class Detector(Protocol):
    """Hears a recording once, and says what it found. Built as `Class(options, sample_rate, channels)`, for each anew.

    Its memory does not grow with the recording, but for a few numbers a second: ten hours are heard as ten seconds are.
    """

    def accept(self, block: NDArray[np.float32]) -> None:
        """The next samples (channels, n), n at least 1, full scale at 1.0; `block` is not modified.

        However a recording is cut into blocks, the findings are the same.
        """
        ...

    def findings(self) -> Iterable[Finding]:
        """What was found, once the recording has ended: in figures where nothing is wrong as well.

        None where it can't be told, because the recording is too short or digital silence.
        """
        ...
