"""The low-pass filter of the activations: a sinc under a Kaiser window."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

TAPS = 12
RATIO = 2
"""By how much an activation oversamples."""


def lowpass_taps() -> NDArray[np.float64]:
    """The filter of the published models: half band, `TAPS` taps of sum 1."""
    return kaiser_sinc(0.5 / RATIO, 0.6 / RATIO, TAPS)


def kaiser_sinc(cutoff: float, half_width: float, taps: int) -> NDArray[np.float64]:
    """A low-pass of an even number of taps and sum 1; frequencies in cycles a sample.

    The window follows from the width of the transition, 2 * `half_width`, by J. F. Kaiser, "Nonrecursive digital filter
    design using the I0-sinh window function" (1974): attenuation A = 2.285 (N - 1) dw + 7.95 dB, of which the published
    design takes half of its taps for N, and beta from A in three ranges.
    """
    attenuation_db = 2.285 * (taps // 2 - 1) * np.pi * 4 * half_width + 7.95
    window = np.kaiser(taps, _beta(attenuation_db))
    time = np.arange(taps) - (taps - 1) / 2
    response = window * np.sinc(2 * cutoff * time)
    return np.asarray(response / response.sum())


def _beta(attenuation_db: float) -> float:
    if attenuation_db > 50:
        return 0.1102 * (attenuation_db - 8.7)
    if attenuation_db >= 21:
        return float(0.5842 * (attenuation_db - 21) ** 0.4 + 0.07886 * (attenuation_db - 21))
    return 0.0
