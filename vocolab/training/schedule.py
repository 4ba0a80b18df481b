"""The learning rate over a run."""

from __future__ import annotations

import math

from vocolab.training.tables import OptimizerOptions


def learning_rate(options: OptimizerOptions, step: int) -> float:
    """The rate at a step: a linear warm-up to `learning_rate`, then what `schedule` says.

        cosine        half a cosine down to `final_learning_rate` at the last step
        exponential   times `decay` every `decay_every_steps` steps (an epoch, as HiFi-GAN; 1 is every step)
        constant      stays
    """
    if step < options.warmup_steps:
        return options.learning_rate * (step + 1) / options.warmup_steps
    since = step - options.warmup_steps
    if options.schedule == "constant":
        return options.learning_rate
    if options.schedule == "exponential":
        rate: float = options.learning_rate * options.decay ** (since // options.decay_every_steps)
        return rate
    progress = since / max(options.steps - options.warmup_steps, 1)
    span = options.learning_rate - options.final_learning_rate
    return options.final_learning_rate + span * 0.5 * (1 + math.cos(math.pi * min(progress, 1.0)))
