"""Adversarial training of a generator: Kong, Kim and Bae, "HiFi-GAN" (2020), section 2.4."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from vocolab.training.adversarial.discriminator_training import DiscriminatorTraining
from vocolab.training.losses.reconstruction import Reconstruction
from vocolab.training.tasks.task import SegmentBatch, Task
from vocolab.training.tasks.waveform import WaveformTask


class AdversarialTask(Task[SegmentBatch]):
    """A waveform task, and from `start_step` on discriminators, which are trained before the generator in every step.

    Both are trained on the same rendering. Only where gradients are accumulated it is rendered twice, so that one batch
    at a time is in memory.
    """

    def __init__(
        self, waveform: WaveformTask, discriminators: DiscriminatorTraining, later: Reconstruction | None
    ) -> None:
        super().__init__(waveform.learner)
        self.waveform, self.discriminators, self.later = waveform, discriminators, later
        self._rendered: Tensor | None = None

    def step(self, batches: Sequence[SegmentBatch], step: int) -> dict[str, Tensor]:
        """Before `start_step` the waveform task's step, then the discriminators' and the generator's."""
        if step < self.discriminators.options.start_step:
            return self.waveform.step(batches, step)
        if self.later is not None:
            self.waveform.reconstruction = self.later
        figures = self.discriminators.step([self._pair(batch, len(batches)) for batch in batches], step)
        return {**super().step(batches, step), **figures}

    def loss(self, batch: SegmentBatch) -> tuple[Tensor, dict[str, Tensor]]:
        """The waveform task's loss, the adversarial loss and feature matching."""
        rendered = self.waveform.render(batch) if self._rendered is None else self._rendered
        self._rendered = None
        wanted = self.waveform.wanted(batch)
        near, parts = self.waveform.distance(rendered, wanted)
        adversarial, its_parts = self.discriminators.generator_losses(wanted, rendered)
        return near + adversarial, {**parts, **its_parts}

    def _pair(self, batch: SegmentBatch, batches: int) -> tuple[Tensor, Tensor]:
        with torch.set_grad_enabled(batches == 1):
            rendered = self.waveform.render(batch)
        if batches == 1:
            self._rendered = rendered
        return self.waveform.wanted(batch), rendered

    def state(self) -> dict[str, Any]:
        """The discriminators and their optimiser."""
        return self.discriminators.state()

    def load_state(self, state: dict[str, Any]) -> None:
        """Go on from `state`; a run that had no discriminators before begins with fresh ones."""
        if state:
            self.discriminators.load_state(state)


