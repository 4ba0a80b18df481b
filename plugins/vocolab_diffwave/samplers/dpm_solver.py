"""DPM-Solver++ (2M): the probability flow by a second-order multistep method, one evaluation a step.

Lu et al., "DPM-Solver++: Fast Solver for Guided Sampling of Diffusion Probabilistic Models" (2022), algorithm 2. With
lambda = ln(signal / noise) and h its growth over a step, x moves to

    x' = noise' / noise * x - signal' * (e^-h - 1) * D,    D = (1 + 1 / 2r) clean - 1 / 2r clean_before,

where r is the length of the step before in units of this one; the first step takes D = clean.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from torch import Tensor

from vocolab_diffwave.samplers.estimate import Denoiser, NoiseSource
from vocolab_diffwave.schedules import Level


def dpm_solver(denoise: Denoiser, noise: NoiseSource, levels: Sequence[Level]) -> Tensor:
    """A latent, solved through `levels` from the noisiest to the cleanest; the last estimate is the result."""
    x = noise(0)
    before: Tensor | None = None
    for index, (level, cleaner) in enumerate(pairwise(levels)):
        clean = denoise(x, level).clean
        direction = clean if before is None else extrapolated(clean, before, levels[index - 1 : index + 2])
        x = moved(x, direction, level, cleaner)
        before = clean
    return denoise(x, levels[-1]).clean


def extrapolated(clean: Tensor, before: Tensor, levels: Sequence[Level]) -> Tensor:
    """The clean signal half a step ahead, from the estimates at the first two of three levels."""
    first, second, third = (level.log_snr for level in levels)
    weight = (third - second) / (2.0 * (second - first))
    return (1.0 + weight) * clean - weight * before


def moved(x: Tensor, direction: Tensor, level: Level, cleaner: Level) -> Tensor:
    """x at a cleaner level, the clean signal taken to be `direction` all the way."""
    growth = math.expm1(level.log_snr - cleaner.log_snr)
    return cleaner.noise / level.noise * x - cleaner.signal * growth * direction
