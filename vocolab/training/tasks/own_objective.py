"""A network that is trained on its plugin's own objective: a diffusion's noise, a flow's likelihood, a mel's L1."""

from __future__ import annotations

from torch import Tensor

from vocolab.training.interfaces import JudgedObjective, OwnObjective
from vocolab.training.learner import Learner
from vocolab.training.tasks.task import Batch, Rendering, RenderingTask, SegmentBatch, Task


class OwnObjectiveTask(Task[Batch]):
    """What `OwnObjective.loss` says of the plugin's batches."""

    def __init__(self, learner: Learner, objective: OwnObjective) -> None:
        super().__init__(learner)
        self.objective = objective

    def loss(self, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        """The plugin's loss and parts."""
        with self.learner.autocast():
            loss, parts = self.learner.call(self.objective.loss, batch)
        return loss.float(), parts


class JudgedObjectiveTask(RenderingTask):
    """What `JudgedObjective.rendering` makes of segments, for discriminators beside its own loss."""

    def __init__(self, learner: Learner, objective: JudgedObjective) -> None:
        super().__init__(learner)
        self.objective = objective

    def rendering(self, batch: SegmentBatch) -> Rendering:
        """The plugin's audio, loss and parts."""
        with self.learner.autocast():
            audio, loss, parts = self.learner.call(self.objective.rendering, batch)
        return Rendering(batch.audio, audio.float(), loss.float(), parts)
