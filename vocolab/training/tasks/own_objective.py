"""A network that is trained on its plugin's own objective: a diffusion's noise, a flow's likelihood, a mel's L1."""

from __future__ import annotations

from torch import Tensor

from vocolab.training.interfaces import JudgedObjective, OwnObjective
from vocolab.training.learner import Learner
from vocolab.training.tasks.task import B, Batch, Rendering, RenderingTask, Task


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


class JudgedObjectiveTask(RenderingTask[B]):
    """What `JudgedObjective.rendering` makes of a batch, for discriminators beside its own loss."""

    def __init__(self, learner: Learner, objective: JudgedObjective) -> None:
        super().__init__(learner)
        self.objective = objective

    def rendering(self, batch: B) -> Rendering:
        """The plugin's, in float32."""
        with self.learner.autocast():
            made: Rendering = self.learner.call(self.objective.rendering, batch)
        return Rendering(made.wanted, made.made.float(), made.loss.float(), made.parts)
