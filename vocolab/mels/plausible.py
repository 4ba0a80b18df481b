"""Mels of noise whose values lie where speech has them: for checks that need a mel and no particular one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vocolab.mels.spec import MelSpec


def plausible_mel(spec: MelSpec, frames: int, random: np.random.Generator) -> NDArray[np.float32]:
    """(n_mels, frames) of independent values, between silence and what speech has in this convention."""
    noise = random.uniform(-1.0, 1.0, (spec.n_mels, frames)).astype(np.float32)
    if spec.mean is not None:
        return noise
    gain = abs(spec.log_gain) * (1.0 if spec.log_base == "e" else 1.0 / np.log(10.0))
    quiet = spec.log_offset - 8.0 * gain
    values: NDArray[np.float32] = np.maximum(quiet + gain * 3.0 * (1.0 + noise), spec.silence).astype(np.float32)
    return values
