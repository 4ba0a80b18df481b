"""The highest sample of a recording, and where it is."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from vocolab import Finding, Remedy
from vocolab_listener.plugin import PeaksOptions


class Peaks:
    """Takes a recording block by block."""

    def __init__(self, options: PeaksOptions, sample_rate: int, channels: int) -> None:
        self._least_dbfs, self._peak = options.least_dbfs, 0.0

    def accept(self, block: NDArray[np.float32]) -> None:
        """The next samples (channels, n)."""
        self._peak = max(self._peak, float(np.abs(block).max(initial=0.0)))

    def findings(self) -> Iterable[Finding]:
        """The peak; nothing of silence."""
        if not self._peak:
            return
        peak_dbfs = 20 * math.log10(self._peak)
        is_low = peak_dbfs < self._least_dbfs
        yield Finding(
            fault="peaks",
            is_fault=is_low,
            sentence=f"its highest sample is at {peak_dbfs:.1f} dBFS",
            figures={"peak_dbfs": peak_dbfs},
            remedies=(Remedy("gain", {"gain_db": min(-6.0 - peak_dbfs, 40.0)}),) if is_low else (),
        )
