"""What a plugin implements so that `vocolab train` can train its networks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from vocolab.mels.spec import MelSpec

if TYPE_CHECKING:
    from torch import Generator, Tensor, nn

    from vocolab.voice import Voice


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
