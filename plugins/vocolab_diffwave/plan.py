"""Which sampler runs through which levels, and what that means for context. No torch: sizes are computed from it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from vocolab.errors import OptionError
from vocolab.mels.spec import MelSpec
from vocolab_diffwave.config import DiffWaveConfig
from vocolab_diffwave.options import DiffWaveOptions, SamplerName
from vocolab_diffwave.schedules import Level, Schedule, training_schedule
from vocolab_diffwave.shapes import mel_context_frames, reach_groups

SEGMENT_FRAMES = 16
"""What the adaptive sampler decides together, at absolute multiples of it."""
_DEFAULT_STEPS: dict[str, int] = {"ddim": 6, "dpm-solver": 6, "adaptive": 10}


@dataclass(frozen=True)
class Plan:
    """A sampler with its levels, for one network."""

    sampler: SamplerName
    levels: tuple[Level, ...]
    config: DiffWaveConfig
    options: DiffWaveOptions = field(default_factory=DiffWaveOptions)

    @classmethod
    def of(cls, options: DiffWaveOptions, config: DiffWaveConfig) -> Plan:
        """What the options say, and for what they leave out the voice's config.

        Raises:
            OptionError: if the fast schedule is asked for another number of steps than it has, or any sampler for
                more than the training had.
        """
        sampler = options.sampler or config.sampler
        own_steps = config.sampler_steps if sampler == config.sampler else None
        return cls(sampler, tuple(_levels(sampler, options.steps or own_steps, config)), config, options)

    @property
    def limit(self) -> float | None:
        """Where ancestral steps are cut off: at full scale where latents are samples, as published."""
        config = self.config
        samples = config.samples_per_group == 1 and config.fold == "samples" and config.prior == "white"
        return 1.0 if samples else None

    def context_frames(self, spec: MelSpec) -> int:
        """Frames on either side that a sample depends on: the network's reach, once a step, and the mel's encoder."""
        config = self.config
        reach_samples = reach_groups(config) * config.samples_per_group
        if self.sampler == "adaptive":
            reach_samples += SEGMENT_FRAMES * spec.hop_samples  # a decision carries over a whole segment
        edges = (config.fold == "mdct") + (config.prior == "mel")
        return math.ceil(len(self.levels) * reach_samples / spec.hop_samples) + mel_context_frames(config) + edges


def _levels(sampler: SamplerName, steps: int | None, config: DiffWaveConfig) -> list[Level]:
    schedule = training_schedule(config)
    if sampler == "fast":
        levels = fast_levels(schedule, config.inference_noise_schedule)
        if steps not in (None, len(levels)):
            raise OptionError(
                f"diffwave steps: {steps}; the fast sampler has the {len(levels)} steps of the voice's schedule; "
                "take ddim or dpm-solver for another number"
            )
        return levels
    if steps is not None and steps > schedule.steps:
        raise OptionError(
            f"diffwave steps: {steps}; the voice's schedule has {schedule.steps}, the most that a sampler takes"
        )
    return spread_levels(schedule, steps or min(_DEFAULT_STEPS.get(sampler, schedule.steps), schedule.steps))


def fast_levels(schedule: Schedule, betas: list[float]) -> list[Level]:
    """The levels of a short schedule, the noisiest first, each with the step that the network knows it by."""
    return [schedule.aligned(float(alpha_bar)) for alpha_bar in np.cumprod(1.0 - np.asarray(betas))[::-1]]


def spread_levels(schedule: Schedule, steps: int) -> list[Level]:
    """`steps` levels evenly over the training's, the noisiest first; all of them where there are as many.

    They begin at the noisiest and end a stride before the clean signal: what Lin et al., "Common Diffusion Noise
    Schedules and Sample Steps are Flawed" (2024) call trailing.
    """
    places = schedule.steps * np.arange(steps, 0, -1) / steps - 1.0
    return [schedule.at(max(float(place), 0.0)) for place in places]
