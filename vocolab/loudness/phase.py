"""How alike two channels are, and what is left of them where they are summed to one."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

_OPPOSITE = -0.5
"""Correlation under which two channels take each other away where they are summed."""
_LEAST_DB = -120.0


class PhaseMeter:
    """Takes a stream of two channels."""

    def __init__(self) -> None:
        self._moments = np.zeros((2, 2))

    def add(self, block: NDArray[np.float32]) -> None:
        """The next (2, n) samples."""
        wide = block.astype(np.float64)
        self._moments += wide @ wide.T

    @property
    def powers(self) -> tuple[float, float]:
        """The energy of each channel."""
        return float(self._moments[0, 0]), float(self._moments[1, 1])

    @property
    def correlation(self) -> float:
        """-1 to 1; 0 where a channel is silent."""
        product = math.sqrt(self._moments[0, 0] * self._moments[1, 1])
        return float(self._moments[0, 1]) / product if product else 0.0

    @property
    def sum_db(self) -> float:
        """The level of the mean of both against that of the two, at least -120 dB: 0 where they are the same."""
        both = self._moments[0, 0] + self._moments[1, 1]
        share = self._moments.sum() / (2 * both) if both else 1.0
        return max(10 * math.log10(share), _LEAST_DB) if share > 0 else _LEAST_DB

    @property
    def is_opposite(self) -> bool:
        """Whether they take each other away."""
        return self.correlation < _OPPOSITE

    @property
    def text(self) -> str:
        """That in words, with both figures."""
        return (f"its two channels are out of phase (correlation {self.correlation:+.2f}): summed to mono they are "
                f"{-self.sum_db:.1f} dB down")
