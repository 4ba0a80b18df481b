"""Ancestral sampling: at every step the mean that the estimate tells, and fresh noise.

Ho et al., "Denoising Diffusion Probabilistic Models" (2020), algorithm 2, with the smaller of its two variances, as
DiffWave does. On the short schedule of the published fast sampling it is Kong et al., "DiffWave" (2021), appendix B.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from torch import Tensor

from vocolab_diffwave.samplers.estimate import Denoiser, NoiseSource
from vocolab_diffwave.schedules import Level


def ancestral(denoise: Denoiser, noise: NoiseSource, levels: Sequence[Level], *, limit: float | None = None) -> Tensor:
    """A latent, sampled through `levels` from the noisiest to the cleanest.

    `limit` is where every step is cut off, on both sides: 1 for latents that are samples, as published.
    """
    x = noise(0)
    for index, level in enumerate(levels):
        cleaner = levels[index + 1].alpha_bar if index + 1 < len(levels) else 1.0
        alpha = level.alpha_bar / cleaner
        x = (x - (1.0 - alpha) / level.noise * denoise(x, level).noise) / math.sqrt(alpha)
        if index + 1 < len(levels):
            deviation = math.sqrt((1.0 - cleaner) / (1.0 - level.alpha_bar) * (1.0 - alpha))
            x = x + deviation * noise(index + 1)
        if limit is not None:
            x = x.clamp(-limit, limit)
    return x
