"""Loudness range: how far apart the quiet and the loud passages are, EBU Tech 3342."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vocolab.loudness.gating import ABSOLUTE_GATE_LUFS, lufs, power_at

_RELATIVE_GATE_LU = -20.0
_LOW_PERCENT, _HIGH_PERCENT = 10, 95


def loudness_range_lu(powers: NDArray[np.float64]) -> float | None:
    """The range in LU of weighted powers of 3 s windows, 0.1 s or less apart; None where nothing passes the gate.

    Windows under -70 LUFS don't count, nor those more than 20 LU under the mean of the others. Of the rest, the 10th
    and the 95th percentile are taken by the nearest rank. No silence is added at the end of a file.
    """
    present = powers[powers >= power_at(ABSOLUTE_GATE_LUFS)]
    if not present.size:
        return None
    gate = present.mean() * 10 ** (_RELATIVE_GATE_LU / 10)
    ranked = np.sort(present[present >= gate])
    low, high = (ranked[_nearest_rank(len(ranked), percent)] for percent in (_LOW_PERCENT, _HIGH_PERCENT))
    return lufs(float(high)) - lufs(float(low))


def _nearest_rank(n_values: int, percent: int) -> int:
    return ((n_values - 1) * percent + 50) // 100
