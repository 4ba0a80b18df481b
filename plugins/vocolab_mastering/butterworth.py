"""Butterworth filters of even order as second-order sections."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter

from vocolab.errors import OptionError, OptionProblem

_DB_PER_OCTAVE_AND_ORDER = 6


def butterworth_sections(
    kind: Literal["highpass", "lowpass"],
    cutoff_hz: float,
    slope_db_per_octave: int,
    sample_rate: int,
    *,
    option: str = "cutoff_hz",
) -> NDArray[np.float64]:
    """(sections, 6), 3.01 dB down at the cutoff at every rate: the bilinear transform is warped to meet it.

    Towards half the rate the slope gets steeper than the analogue filter's, since the transform puts what that has at
    infinity there. A low-pass at or over half the rate has nothing to remove: no sections.

    Raises:
        OptionError: for a high-pass at or over half the rate, which would leave nothing; it names `option`, which is
            what the caller's options call the cutoff.
    """
    if cutoff_hz >= sample_rate / 2:
        if kind == "lowpass":
            return np.zeros((0, 6))
        what = f"{cutoff_hz:g} is not below half the sample rate of {sample_rate} Hz; lower it"
        raise OptionError([OptionProblem(option, what)])
    order = slope_db_per_octave // _DB_PER_OCTAVE_AND_ORDER
    return np.asarray(butter(order, cutoff_hz, btype=kind, fs=sample_rate, output="sos"))


def butterworth_qs(order: int) -> list[float]:
    """The Q of each pair of poles of an even order; 0.707 for order 2."""
    angles = (2 * np.arange(order // 2) + 1) * np.pi / (2 * order)
    return [float(q) for q in 1 / (2 * np.cos(angles))]
