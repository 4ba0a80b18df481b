"""The interfaces that plugins implement. They speak numpy, so that nobody is bound to torch.

Shapes, everywhere: audio is (channels, samples), a mel is (n_mels, frames). `samples` are audio, `frames` are mel.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from vocolab.audio import Audio
from vocolab.mels.spec import MelSpec
from vocolab.sizes import Sizes

if TYPE_CHECKING:
    from torch import Generator, Tensor, nn

    from vocolab.checkpoints import Checkpoint, Conversion
    from vocolab.onnx_export.exportable import Exportable
    from vocolab.voice import Voice


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


class Signal(Protocol):
    """Audio that can be walked through, more than once, without being in memory: `Audio` is one, a spool is another."""

    @property
    def sample_rate(self) -> int:
        """Hz."""
        ...

    @property
    def channels(self) -> int:
        """How many channels there are."""
        ...

    @property
    def n_samples(self) -> int:
        """Samples a channel."""
        ...

    def blocks(self, block_samples: int = ...) -> Iterator[NDArray[np.float32]]:
        """Blocks of (channels, at most `block_samples`), in order."""
        ...


class Recogniser(Protocol):
    """Knows a family's published checkpoints by their names: what `vocolab convert` asks."""

    def __call__(self, checkpoint: Checkpoint) -> str | None:
        """The layout in words, "official, weight norm folded", if the checkpoint is of this family, else None.

        Cheap: it looks at names and not at numbers.

        Raises:
            CheckpointError: if the file is the family's but can't be a voice, its discriminators for one.
        """
        ...


class Converter(Protocol):
    """Turns a published checkpoint into a voice: what `vocolab convert` calls."""

    def __call__(self, checkpoint: Checkpoint, mel_spec: MelSpec | None) -> Conversion:
        """The voice in `checkpoint`; `mel_spec` overrides what its config says.

        Raises:
            CheckpointError: if it does not fit its config, or the config is missing.
        """
        ...


class Exporter(Protocol):
    """Gives the graph of a voice: what `vocolab export` calls."""

    def __call__(self, voice: Voice) -> Exportable:
        """The network of `voice` in ONNX's own operators, and what it is checked against.

        Raises:
            CheckpointError: if the voice does not fit its config.
        """
        ...


class SizesOf(Protocol):
    """Computes a vocoder's sizes from its config, without torch: what `vocolab vocoders` shows."""

    def __call__(self, config: Mapping[str, Any], mel_spec: MelSpec | None) -> Sizes:
        """The sizes for a voice's config and convention; `{}` and None mean the published default.

        Raises:
            ValueError: if the config is none of this vocoder.
        """
        ...


class Trainable(Protocol):
    """What `vocolab train` trains: what a spec's `trainer` builds.

    Of the two kinds, a waveform trainable is a generator, `network(mel)` gives audio, and the trainer brings the losses
    (spectral, adversarial, a teacher's). The other kind has an objective of its own: `OwnObjective`.

    A trainable may also have `start_from(voice)`, which puts the weights of a `Voice` into `network` before it is
    fine-tuned. Without it the voice's tensors go where the names of the state dict say, weight norm unfolded.
    """

    network: nn.Module
    """What is trained, averaged and kept in checkpoints."""

    mel_spec: MelSpec

    def export(self, state: Mapping[str, Any]) -> Voice:
        """A voice from a state dict of `network`, on the CPU; without its `provenance`."""
        ...

    def render(self, network: nn.Module, mel: Tensor, seed: int = 0) -> Tensor:
        """Audio (batch, frames * hop_samples) for a mel (batch, n_mels, frames): for validation and samples.

        `network` is `self.network` or a copy of it with other weights, its average.
        """
        ...


@runtime_checkable
class OwnObjective(Protocol):
    """What a `Trainable` has in addition if it is not trained as a generator: a diffusion's or a flow's objective."""

    def loss(
        self, network: nn.Module, audio: Tensor, mel: Tensor, random: Generator
    ) -> tuple[Tensor, dict[str, Tensor]]:
        """The loss to go down, a scalar, and its parts for the log.

        Args:
            network: `Trainable.network`.
            audio: Recordings (batch, frames * hop_samples).
            mel: Their mels (batch, n_mels, frames); frame i stands for the samples from i * hop_samples on.
            random: All that is random has to be drawn from it: it is what makes a resumed run go on alike.
        """
        ...


class TrainableFactory(Protocol):
    """Builds a `Trainable` from the `[model]` table of a recipe."""

    def __call__(self, model: dict[str, Any], mel_spec: MelSpec) -> Trainable:
        """What the recipe describes.

        Raises:
            CallError: if the table has unknown keys or values that don't fit the convention.
        """
        ...
