"""What a plugin implements so that `vocolab train` can train its networks.

    Trainable       a network, and how its weights become a voice: every model
    MelToAudio      renders audio of a mel: what vocoders are, trained and validated on segments of recordings
    OwnObjective    has a loss of its own in place of the trainer's spectral ones
    JudgedObjective has one, and makes audio or mels in it that discriminators can judge besides
    OwnData         learns from more than mels and audio: text, durations, pitch; it brings its `TrainingData`
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, runtime_checkable

from vocolab.mels.spec import MelSpec

if TYPE_CHECKING:
    import torch
    from torch import Generator, Tensor, nn

    from vocolab.training.recipe import Recipe
    from vocolab.training.tasks.task import Batch, Rendering
    from vocolab.voice import Voice


class Trainable(Protocol):
    """What `vocolab train` trains: what a spec's `trainer` builds. It is `MelToAudio`, or it is `OwnData`.

    A trainable may also have `start_from(voice)`, which puts the weights of a `Voice` into `network` before it is
    fine-tuned. Without it the voice's tensors go where the names of the state dict say, weight norm unfolded.
    """

    network: nn.Module
    """What is trained, averaged and kept in checkpoints."""

    def export(self, state: Mapping[str, Any]) -> Voice:
        """A voice from a state dict of `network`, on the CPU; without its `provenance`."""
        ...


@runtime_checkable
class MelToAudio(Trainable, Protocol):
    """A vocoder in training. Its examples are segments of recordings with their mels.

    It is a generator, `network(mel)` gives audio, and the trainer brings the losses (spectral, adversarial, a
    teacher's); or it is an `OwnObjective`: a diffusion, a flow.
    """

    mel_spec: MelSpec

    def render(self, network: nn.Module, mel: Tensor, seed: int = 0) -> Tensor:
        """Audio (batch, frames * hop_samples) for a mel (batch, n_mels, frames): for validation and samples.

        `network` is `self.network` or a copy of it with other weights, its average.
        """
        ...


@runtime_checkable
class OwnObjective(Protocol):
    """What a `Trainable` has in addition if it is not trained as a generator."""

    def loss(self, network: nn.Module, batch: Any) -> tuple[Tensor, dict[str, Tensor]]:
        """The loss to go down, a scalar, and its parts for the log.

        Args:
            network: `Trainable.network`.
            batch: What `TrainingData.batch` gave. For `MelToAudio` that is a `SegmentBatch`: `audio` (batch, frames *
                hop_samples) with its `mel` (batch, n_mels, frames), frame i standing for the samples from
                i * hop_samples on. All that is random has to be drawn from `batch.random`: it is what makes a resumed
                run go on alike.
        """
        ...


@runtime_checkable
class JudgedObjective(OwnObjective, Protocol):
    """An objective that makes what discriminators can judge: a recipe may add some."""

    judged: Literal["audio", "mel"]
    """What is judged: audio by discriminators of audio, a mel by the discriminator `mel`."""

    def rendering(self, network: nn.Module, batch: Any) -> Rendering:
        """What was made of a batch beside what should have been, and what `loss` gives for the same."""
        ...


class TrainingData(Protocol):
    """What a run is trained on and validated with."""

    summary: str
    """What there is to learn from, for the run's first line: "988 clips, 52.1 min, to train on; 50 held out"."""

    def draw(self, step: int, size: int, share: range) -> Any:
        """The examples `share` of the `size` that belong to a step, on the CPU; decided by the seed and the step."""
        ...

    def batch(self, drawn: Any, device: torch.device, random: Generator) -> Batch:
        """What was drawn, on the device."""
        ...

    def validate(
        self, trainable: Any, network: nn.Module, device: torch.device, step: int | None = None
    ) -> dict[str, float]:
        """Figures of `network`, the averaged weights, on what is held out."""
        ...

    def score(self, figures: Mapping[str, float]) -> float:
        """One number to choose the best weights by, higher is better."""
        ...


@runtime_checkable
class OwnData(OwnObjective, Protocol):
    """What a `Trainable` has in addition if its examples are not segments of mels and audio."""

    def data(self, folder: Path, recipe: Recipe, samples: Path, say: Callable[[str], None]) -> TrainingData:
        """The examples in `folder`.

        Args:
            folder: What `--data` names; `vocolab.training.corpus.read_corpus` reads recordings with their texts.
            recipe: Its `optimizer.batch` is how many examples a batch has.
            samples: Where validation may write what it makes.
            say: Told what was left out, a line each.

        Raises:
            CorpusError: if there is nothing to learn from.
        """
        ...


class TrainableFactory(Protocol):
    """Builds a `Trainable` from the `[model]` table of a recipe."""

    def __call__(self, model: dict[str, Any], mel_spec: MelSpec) -> Trainable:
        """What the recipe describes. A model without mels has no use for `mel_spec`.

        Raises:
            CallError: if the table has unknown keys or values that don't fit the convention.
        """
        ...
