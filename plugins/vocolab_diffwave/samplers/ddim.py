"""DDIM: from level to level along the estimate, with as much fresh noise as one wants.

Song, Meng and Ermon, "Denoising Diffusion Implicit Models" (2021), eqs. 12 and 16. eta = 0 is the first-order solver of
the probability flow, eta = 1 is ancestral sampling.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from torch import Tensor

from vocolab_diffwave.samplers.estimate import Denoiser, NoiseSource
from vocolab_diffwave.schedules import Level


def ddim(denoise: Denoiser, noise: NoiseSource, levels: Sequence[Level], *, eta: float = 0.0) -> Tensor:
    """A latent, sampled through `levels` from the noisiest to the cleanest; the last estimate is the result."""
    x = noise(0)
    for index, (level, cleaner) in enumerate(pairwise(levels)):
        estimate = denoise(x, level)
        fresh = eta * math.sqrt(
            (1.0 - cleaner.alpha_bar) / (1.0 - level.alpha_bar) * (1.0 - level.alpha_bar / cleaner.alpha_bar)
        )
        kept = math.sqrt(max(0.0, 1.0 - cleaner.alpha_bar - fresh**2))
        x = cleaner.signal * estimate.clean + kept * estimate.noise
        if fresh:
            x = x + fresh * noise(index + 1)
    return denoise(x, levels[-1]).clean
