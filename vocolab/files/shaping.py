"""Noise shaping: the error of rounding, moved to where ears hear less.

Each sample's error is fed back into the next ones, so that the noise is filtered while the signal is not (Lipshitz,
Vanderkooy and Wannamaker 1991, "Minimally audible noise shaping"). The filter has two pairs of zeros,

    NTF(z) = (1 - 2 r cos(2 pi 2000 / fs) / z + r^2 / z^2) (1 - 2 r cos(2 pi 4500 / fs) / z + r^2 / z^2),   r = 0.9,

which at 48 kHz takes 33 dB of noise away from 1 to 5 kHz and adds 16 dB above 10 kHz, 16 dB in all.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

_ZEROS_HZ = (2_000.0, 4_500.0)
_RADIUS = 0.9


def noise_transfer(sample_rate: int) -> NDArray[np.float64]:
    """Coefficients of NTF(z), the first one 1, shape (5,)."""
    taps = np.ones(1)
    for zero_hz in _ZEROS_HZ:
        taps = np.convolve(taps, [1.0, -2 * _RADIUS * math.cos(2 * math.pi * zero_hz / sample_rate), _RADIUS**2])
    return taps


class NoiseShaper:
    """Rounds one channel to whole steps with shaped noise; blocks can be cut anywhere.

    An exact zero comes out as zero and forgets what was before, so that digital silence stays digital silence.
    """

    def __init__(self, sample_rate: int) -> None:
        self._taps: list[float] = noise_transfer(sample_rate)[1:].tolist()
        self._errors = [0.0] * len(self._taps)

    def process(self, steps: NDArray[np.float64], dither: NDArray[np.float64]) -> NDArray[np.float64]:
        """`steps` (n,), in units of a step, as whole numbers; `dither` is added before rounding."""
        # Each sample needs the one before: no array operation does that, and Python's floats are faster than numpy's.
        first, second, third, fourth = self._taps
        e1, e2, e3, e4 = self._errors
        rounded: list[int] = []
        for step, noise in zip(steps.tolist(), dither.tolist(), strict=True):
            if step == 0.0:
                rounded.append(0)
                e1 = e2 = e3 = e4 = 0.0
                continue
            wanted = step + first * e1 + second * e2 + third * e3 + fourth * e4
            value = round(wanted + noise)
            rounded.append(value)
            e4, e3, e2, e1 = e3, e2, e1, value - wanted
        self._errors = [e1, e2, e3, e4]
        return np.array(rounded, np.float64)
