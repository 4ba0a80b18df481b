"""The training loop: seeded, resumable at any step, its best averaged weights kept apart."""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from vocolab.errors import TrainingError
from vocolab.interfaces import Trainable
from vocolab.training.corpus import Corpus
from vocolab.training.losses import SpectralLoss
from vocolab.training.recipe import OptimizerOptions, Recipe
from vocolab.training.run_folder import RunFolder
from vocolab.training.segments import SegmentSource
from vocolab.training.spectra import LogMel
from vocolab.training.validation import Validation, score

Report = Callable[[dict[str, Any]], None]
_LOG_EVERY_STEPS = 50


class Trainer:
    """Trains one generator by the spectral losses of a recipe.

    A run that is resumed takes the steps that it would have taken: the segments depend on the seed and the step alone,
    and the checkpoint holds the weights, their average and the optimiser. On a CPU with the same number of threads the
    continuation is equal bit by bit.
    """

    def __init__(
        self, trainable: Trainable, recipe: Recipe, corpus: Corpus, run: RunFolder, *, device: str = "cpu"
    ) -> None:
        self.recipe, self.run, self.device = recipe, run, torch.device(device)
        self.generator: nn.Module = trainable.generator.to(self.device)
        self.average = copy.deepcopy(self.generator).requires_grad_(False)
        options = recipe.optimizer
        self.optimizer = torch.optim.AdamW(
            self.generator.parameters(),
            lr=options.learning_rate,
            betas=options.betas,
            weight_decay=options.weight_decay,
        )
        spec = trainable.mel_spec
        self.log_mel = LogMel(spec).to(self.device)
        self.loss = SpectralLoss(spec.sample_rate, recipe.loss).to(self.device)
        self.segments = SegmentSource(
            corpus.train, spec, recipe.data, segment_frames=options.segment_frames, seed=recipe.seed
        )
        self.validation = Validation(corpus.validation[: recipe.validation.clips], spec)
        self.step = 0
        self.best_score = -math.inf

    def resume(self) -> bool:
        """Go on from the newest readable checkpoint; False where there is none."""
        state = self.run.load_last()
        if state is None:
            return False
        self.generator.load_state_dict(state["generator"])
        self.average.load_state_dict(state["average"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.step, self.best_score = state["step"], state["best_score"]
        return True

    def train(self, report: Report = lambda record: None, *, until: int | None = None) -> None:
        """Take steps until the recipe's number, or `until`; a checkpoint is written at the end.

        Raises:
            TrainingError: when the loss is no number any more; the checkpoints before it stay.
        """
        last = min(until or self.recipe.optimizer.steps, self.recipe.optimizer.steps)
        started, begun = time.monotonic(), self.step
        while self.step < last:
            figures = self._take_step()
            self.step += 1
            if self.step % _LOG_EVERY_STEPS == 0:
                pace = (self.step - begun) / (time.monotonic() - started)
                self._record({"step": self.step, **figures, "steps_per_s": round(pace, 3)}, report)
            if self.step % self.recipe.validation.every_steps == 0 or self.step == self.recipe.optimizer.steps:
                self._validate(report)
            if self.step % self.recipe.checkpoints.every_steps == 0 or self.step == last:
                self.run.save(self.step, self._state())

    def _take_step(self) -> dict[str, float]:
        options = self.recipe.optimizer
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate(options, self.step)
        audio = torch.from_numpy(self.segments.batch(self.step, options.batch)).to(self.device)
        with torch.no_grad():
            mel, recorded = self.log_mel(audio), self.log_mel.target(audio)
        rendered: Tensor = self.generator(mel)
        loss, figures = self.loss(rendered, recorded)
        if not math.isfinite(figures["loss"]):
            raise TrainingError(
                f"the loss is {figures['loss']} at step {self.step}; the last checkpoint is step "
                f"{max(self.run.steps(), default=0)}. Lower learning_rate or gradient_clip and resume"
            )
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        norm = nn.utils.clip_grad_norm_(self.generator.parameters(), options.gradient_clip)
        self.optimizer.step()
        self._update_average(options.ema)
        return {**{name: round(value, 4) for name, value in figures.items()}, "gradient": round(float(norm), 3)}

    @torch.no_grad()
    def _update_average(self, decay: float) -> None:
        # Early on a long average would remember the random start, so the decay grows with the steps.
        decay = min(decay, (1 + self.step) / (10 + self.step))
        averages: list[Tensor] = list(self.average.parameters())
        weights: list[Tensor] = list(self.generator.parameters())
        torch._foreach_lerp_(averages, weights, 1 - decay)

    def _validate(self, report: Report) -> None:
        figures = self.validation(self.average, self.device)
        self._record({"step": self.step, "validation": {k: round(v, 4) for k, v in figures.items()}}, report)
        if score(figures) > self.best_score:
            self.best_score = score(figures)
            self.run.save_best({"step": self.step, "average": self.average.state_dict(), "figures": figures})

    def _record(self, record: dict[str, Any], report: Report) -> None:
        self.run.append_log(record)
        report(record)

    def _state(self) -> dict[str, Any]:
        return {
            "step": self.step, "best_score": self.best_score, "generator": self.generator.state_dict(),
            "average": self.average.state_dict(), "optimizer": self.optimizer.state_dict(),
        }


def learning_rate(options: OptimizerOptions, step: int) -> float:
    """The rate at a step: linear warm-up, then half a cosine from `learning_rate` to `final_learning_rate`."""
    if step < options.warmup_steps:
        return options.learning_rate * (step + 1) / options.warmup_steps
    progress = (step - options.warmup_steps) / max(options.steps - options.warmup_steps, 1)
    span = options.learning_rate - options.final_learning_rate
    return options.final_learning_rate + span * 0.5 * (1 + math.cos(math.pi * min(progress, 1.0)))
