"""A network that is trained on its plugin's own objective: a diffusion's noise, a flow's likelihood, a mel's L1."""

from __future__ import annotations

from torch import Tensor

from vocolab.training.interfaces import OwnObjective
from vocolab.training.learner import Learner
from vocolab.training.tasks.task import Batch, Task


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
