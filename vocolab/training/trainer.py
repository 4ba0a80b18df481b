"""The training loop: seeded, resumable at any step, its best averaged weights kept apart."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from vocolab.errors import TrainingError
from vocolab.training.averaging import Average
from vocolab.training.batches import Batches
from vocolab.training.interfaces import Trainable
from vocolab.training.learner import Diverged, Learner
from vocolab.training.log import Log, Report, Say
from vocolab.training.pace import Pace, Reach
from vocolab.training.processes import Processes
from vocolab.training.recipe import Recipe
from vocolab.training.run_folder import RunFolder
from vocolab.training.tasks.task import Task


class Trainer:
    """Trains one network by the task of a recipe.

    A run that is resumed takes the steps that it would have taken: what is random depends on the seed and the step
    alone, and the checkpoint holds all weights, their average and the optimisers. On a CPU with the same number of
    threads the continuation is equal bit by bit.
    """

    def __init__(
        self, trainable: Trainable, recipe: Recipe, task: Task[Any], batches: Batches, run: RunFolder
    ) -> None:
        self.trainable, self.recipe, self.task, self.batches = trainable, recipe, task, batches
        self.data, self.run = batches.source, run
        self.learner: Learner = task.learner
        self.network: nn.Module = self.learner.network
        self.processes: Processes = batches.processes
        self._first = self.processes.first
        self.average = Average(self.network, recipe.optimizer.ema)
        self.step = 0
        self.best_score = -math.inf

    @property
    def finished(self) -> bool:
        """Whether the recipe has no step left."""
        return self.step >= self.recipe.optimizer.steps

    def resume(self, say: Say = lambda line: None) -> bool:
        """Go on from the newest readable checkpoint; False where there is none.

        A newer one that can't be read is told to `say`, and stands in the log.
        """
        state = self.run.load_last()
        if state is None:
            return False
        self.network.load_state_dict(state["generator"])
        self.average.network.load_state_dict(state["average"])
        self.learner.load_state(state)
        self.task.load_state(state.get("task", {}))
        self.step, self.best_score = state["step"], state["best_score"]
        if self._first:
            self.run.cut_log(self.step)
            self._tell_of_damage(say)
        return True

    def _tell_of_damage(self, say: Say) -> None:
        if damaged := self.run.passed_over(self.step):
            self.run.append_log({"step": self.step, "unreadable_checkpoints": damaged})
            say(f"checkpoint {' and '.join(map(str, damaged))} can't be read; going on from {self.step}, the steps "
                "after it are taken again")

    def train(
        self, report: Report = lambda record: None, *, until: int | None = None,
        reach: Reach = lambda step, steps_per_s: None, say: Say = lambda line: None,
    ) -> None:
        """Take steps until the recipe's number, or `until`; a checkpoint is written at the end.

        `report` is given what is logged, `reach` is told of every step, `say` of what is wrong but stops nothing.

        Raises:
            TrainingError: when the loss is no number any more; the checkpoints before it stay.
        """
        last = min(until or self.recipe.optimizer.steps, self.recipe.optimizer.steps)
        if self.step >= last:
            return
        wanted = self.recipe.log.tensorboard
        log = Log(self.run, tensorboard=wanted, first_step=self.step, say=say) if self._first else None
        try:
            self._train(last, _silent if log is None else partial(log.write, report=report), reach)
        finally:
            if log is not None:
                log.close()

    def _train(self, last: int, record: Report, reach: Reach) -> None:
        pace, every = Pace(), self.recipe
        if self._first:
            reach(self.step, 0.0)
        while self.step < last:
            figures = self._take_step()
            self.step += 1
            pace.step()
            if self._first:
                reach(self.step, pace.steps_per_s)
            if self.step % every.log.every_steps == 0:
                record({"step": self.step, **_rounded(figures), "steps_per_s": round(pace.steps_per_s, 3)})
            with pace.paused():
                if self.step % every.validation.every_steps == 0 or self.step == every.optimizer.steps:
                    self._validate(record)
                if self.step % every.checkpoints.every_steps == 0 or self.step == last:
                    self._save()

    def _take_step(self) -> dict[str, Tensor]:
        try:
            figures = self.task.step(self.batches.of(self.step), self.step)
        except Diverged as error:
            sound = [step for step in self.run.steps() if step <= self.step]  # those after it could not be read
            there, again = (f"the last checkpoint is step {sound[-1]}", "resume") if sound else (
                "there is no checkpoint yet", "start again")
            raise TrainingError(
                f"{error} at step {self.step}; {there}. Lower learning_rate or gradient_clip and {again}"
            ) from error
        self.average.update(self.network, self.step)
        return figures

    def _validate(self, record: Report) -> None:
        if self._first:
            average = self.average.network
            figures = self.data.validate(self.trainable, average, self.learner.device, self.step)
            record({"step": self.step, "validation": {name: round(value, 4) for name, value in figures.items()}})
            score = self.data.score(figures)
            if score > self.best_score:
                self.best_score = score
                self.run.save_best({"step": self.step, "average": average.state_dict(), "figures": figures})
        self.processes.wait()

    def _save(self) -> None:
        if self._first:
            self.run.save(self.step, self._state())
        self.processes.wait()

    def _state(self) -> dict[str, Any]:
        return {
            "step": self.step, "best_score": self.best_score, "generator": self.network.state_dict(),
            "average": self.average.network.state_dict(), "task": self.task.state(), **self.learner.state(),
        }


def _silent(record: dict[str, Any]) -> None:
    pass


def _rounded(figures: dict[str, Tensor]) -> dict[str, float]:
    values = torch.stack(list(figures.values())).tolist()
    return {name: round(value, 4) for name, value in zip(figures, values, strict=True)}
