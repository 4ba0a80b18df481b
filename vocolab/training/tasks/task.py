"""What is common to all objectives: batches in, one step of the network out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import torch
from torch import Generator, Tensor

from vocolab.training.learner import Learner


@dataclass(frozen=True)
class Batch:
    """Examples of a step. What they are is the task's: a subclass has its tensors."""

    random: Generator
    """Seeded from the run's seed, the step and the process: all that is random is drawn from it."""


@dataclass(frozen=True)
class SegmentBatch(Batch):
    """Segments: mels (batch, n_mels, frames) and the audio (batch, frames * hop_samples) that they stand for."""

    mel: Tensor
    audio: Tensor


@dataclass(frozen=True)
class Rendering:
    """What was rendered of a batch, and how far it is from what should have been."""

    wanted: Tensor
    """Audio (batch, samples), or the mel (batch, frames, n_mels) of a model that makes mels."""
    made: Tensor
    """What discriminators judge, of the shape of `wanted`."""
    loss: Tensor
    parts: dict[str, Tensor]
    """Of the loss, for the log."""


B = TypeVar("B", bound=Batch)


class Task(ABC, Generic[B]):
    """An objective of one network."""

    def __init__(self, learner: Learner) -> None:
        self.learner = learner

    @abstractmethod
    def loss(self, batch: B) -> tuple[Tensor, dict[str, Tensor]]:
        """The loss to go down, and its parts for the log."""

    def step(self, batches: Sequence[B], step: int) -> dict[str, Tensor]:
        """Take one step on the gradients of all `batches` together; the figures of it, the norm of the gradient too.

        Raises:
            Diverged: if a loss or a gradient is no number; the network was left alone then.
        """
        figures = []
        for batch in batches:
            loss, parts = self.loss(batch)
            self.learner.backward(loss, len(batches))
            figures.append({"loss": loss.detach(), **parts})
        return {**mean_figures(figures), "gradient": self.learner.update(step)}

    def state(self) -> dict[str, Any]:
        """What a checkpoint has to keep of the task itself; nothing where all is in the network."""
        return {}

    def load_state(self, state: dict[str, Any]) -> None:
        """Go on from `state`."""


class RenderingTask(Task[B]):
    """An objective on audio or mels that are made of a batch: discriminators can judge them too."""

    @abstractmethod
    def rendering(self, batch: B) -> Rendering:
        """What the network makes of a batch, in float32, and its distance from the recordings."""

    def loss(self, batch: B) -> tuple[Tensor, dict[str, Tensor]]:
        """The distance, and its parts."""
        rendering = self.rendering(batch)
        return rendering.loss, rendering.parts


def mean_figures(rows: Sequence[dict[str, Tensor]]) -> dict[str, Tensor]:
    """Each figure's mean over the rows."""
    return {name: torch.stack([row[name].detach().float() for row in rows]).mean() for name in rows[0]}
