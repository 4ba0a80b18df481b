"""Adversarial training of a generator: Kong, Kim and Bae, "HiFi-GAN" (2020), section 2.4."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from vocolab.training.adversarial.discriminator_training import DiscriminatorTraining
from vocolab.training.tasks.task import B, Rendering, RenderingTask, Task


class AdversarialTask(Task[B]):
    """A task that renders, and from `start_step` on discriminators, trained before the generator in each step.

    Both are trained on the same rendering. Only where gradients are accumulated it is rendered twice, so that one batch
    at a time is in memory.

    Args:
        rendered: What renders, and its own losses.
        discriminators: What judges it besides.
        later: Takes the place of `rendered` from `start_step` on: other losses of the same network.
    """

    def __init__(
        self, rendered: RenderingTask[B], discriminators: DiscriminatorTraining,
        later: RenderingTask[B] | None = None
    ) -> None:
        super().__init__(rendered.learner)
        self.rendered, self.discriminators, self.later = rendered, discriminators, later
        self._ahead: Rendering | None = None

    def step(self, batches: Sequence[B], step: int) -> dict[str, Tensor]:
        """Before `start_step` the rendering task's step, then the discriminators' and the generator's."""
        if step < self.discriminators.options.start_step:
            return self.rendered.step(batches, step)
        if self.later is not None:
            self.rendered = self.later
        figures = self.discriminators.step([self._pair(batch, len(batches)) for batch in batches], step)
        return {**super().step(batches, step), **figures}

    def loss(self, batch: B) -> tuple[Tensor, dict[str, Tensor]]:
        """The rendering task's loss, the adversarial loss and feature matching."""
        rendering = self.rendered.rendering(batch) if self._ahead is None else self._ahead
        self._ahead = None
        adversarial, parts = self.discriminators.generator_losses(rendering.wanted, rendering.made)
        return rendering.loss + adversarial, {**rendering.parts, **parts}

    def _pair(self, batch: B, batches: int) -> tuple[Tensor, Tensor]:
        with torch.set_grad_enabled(batches == 1):
            rendering = self.rendered.rendering(batch)
        if batches == 1:
            self._ahead = rendering
        return rendering.wanted, rendering.made

    def state(self) -> dict[str, Any]:
        """The discriminators and their optimiser."""
        return self.discriminators.state()

    def load_state(self, state: dict[str, Any]) -> None:
        """Go on from `state`; a run that had no discriminators before begins with fresh ones."""
        if state:
            self.discriminators.load_state(state)


