"""A generator that also has to deceive discriminators: Kong, Kim and Bae, "HiFi-GAN" (2020), section 2.4."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from vocolab.training.adversarial.rival import Rival
from vocolab.training.losses.reconstruction import Reconstruction
from vocolab.training.tasks.task import SegmentBatch, Task
from vocolab.training.tasks.waveform import WaveformTask


class AdversarialTask(Task[SegmentBatch]):
    """A waveform task, and from a step on discriminators that learn before it in every step.

    The rendering that they learn from is the one that the generator learns from; only where gradients are accumulated
    it is rendered twice, to be kept for one batch at a time.
    """

    def __init__(self, waveform: WaveformTask, rival: Rival, later: Reconstruction | None) -> None:
        super().__init__(waveform.learner)
        self.waveform, self.rival, self.later = waveform, rival, later
        self._rendered: Tensor | None = None

    def step(self, batches: Sequence[SegmentBatch], step: int) -> dict[str, Tensor]:
        """Before `start_step` the waveform task's step, then the discriminators' and the generator's."""
        if step < self.rival.options.start_step:
            return self.waveform.step(batches, step)
        if self.later is not None:
            self.waveform.reconstruction = self.later
        figures = self.rival.learn([self._pair(batch, len(batches)) for batch in batches], step)
        return {**super().step(batches, step), **figures}

    def loss(self, batch: SegmentBatch) -> tuple[Tensor, dict[str, Tensor]]:
        """What the waveform task asks for, and the discriminators' opinion."""
        rendered = self.waveform.render(batch) if self._rendered is None else self._rendered
        self._rendered = None
        wanted = self.waveform.wanted(batch)
        near, parts = self.waveform.distance(rendered, wanted)
        believed, opinions = self.rival.opinion(wanted, rendered)
        return near + believed, {**parts, **opinions}

    def _pair(self, batch: SegmentBatch, batches: int) -> tuple[Tensor, Tensor]:
        with torch.set_grad_enabled(batches == 1):
            rendered = self.waveform.render(batch)
        if batches == 1:
            self._rendered = rendered
        return self.waveform.wanted(batch), rendered

    def state(self) -> dict[str, Any]:
        """The discriminators and their optimiser."""
        return self.rival.state()

    def load_state(self, state: dict[str, Any]) -> None:
        """Go on from `state`; a run that had no discriminators before begins with fresh ones."""
        if state:
            self.rival.load_state(state)


