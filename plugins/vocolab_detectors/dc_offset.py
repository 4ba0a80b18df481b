"""DC offset: a waveform whose middle is not at zero."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from vocolab.findings import Finding, Remedy
from vocolab.options import Options

_FAULT = 0.0025
"""From here on, of full scale (-52 dBFS): a sound card's own offset is a tenth of that."""


class DcOffset:
    """The mean of each channel; that which is furthest from zero is told."""

    def __init__(self, options: Options, sample_rate: int, channels: int) -> None:
        self._sums = np.zeros(channels)
        self._n_samples = 0

    def accept(self, block: NDArray[np.float32]) -> None:
        """The next samples (channels, n)."""
        self._sums += block.sum(axis=1, dtype=np.float64)
        self._n_samples += block.shape[1]

    def findings(self) -> Iterable[Finding]:
        """One finding: the offset in percent of full scale, signed."""
        if not self._n_samples:
            return
        means = self._sums / self._n_samples
        offset = float(means[np.abs(means).argmax()])
        percent = round(100 * offset, 4) + 0.0
        is_fault = abs(offset) >= _FAULT
        yield Finding(
            fault="dc-offset",
            is_fault=is_fault,
            sentence=f"DC offset of {percent:+.2f} % of full scale" if is_fault else "no DC offset to speak of",
            figures={"dc_offset_percent": percent},
            remedies=(Remedy("dc-removal"),) if is_fault else (),
        )
