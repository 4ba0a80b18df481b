"""The interfaces that plugins implement. They speak numpy, so that nobody is bound to torch.

Shapes, everywhere: audio is (channels, samples), a mel is (n_mels, frames). `samples` are audio, `frames` are mel.
"""

from __future__ import annotations

from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from vocolab.audio import Audio
from vocolab.mels.spec import MelSpec


@runtime_checkable
class Vocoder(Protocol):
    """Mel in, audio out. Built as `Class(options, voice, mel_spec)`.

    `options` is an instance of the spec's options class. `voice` is a `Voice`, or None for a vocoder whose spec says
    `needs_voice=False`. `mel_spec` is the convention that the caller's mels have, or None: only a vocoder
    without a voice looks at it, since a voice brings its own.
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


@runtime_checkable
class AcousticModel(Protocol):
    """Text in, mel out. Built as `Class(options, voice)`."""

    mel_spec: MelSpec

    def synthesize(self, text: str, *, seed: int = 0) -> NDArray[np.float32]:
        """A mel of (n_mels, frames) in the convention of `mel_spec`."""
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
