"""Mels of noise whose values lie where speech has them: for checks that need a mel and no particular one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vocolab.mels.scaling import nats
from vocolab.mels.spec import MelSpec


def plausible_mel(spec: MelSpec, frames: int, random: np.random.Generator) -> NDArray[np.float32]:
    """(n_mels, frames) of independent values, between silence and what speech has in this convention."""
    noise = random.uniform(-1.0, 1.0, (spec.n_mels, frames)).astype(np.float32)
    if spec.mean is not None:
        return noise
    levels = -8.0 + 3.0 * (1.0 + noise)  # nats
    levels = np.exp(levels) if spec.log_base == "none" else levels / nats(spec)
    values: NDArray[np.float32] = np.maximum(spec.log_gain * levels + spec.log_offset, spec.silence).astype(np.float32)
    return values
