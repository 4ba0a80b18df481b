"""Bells and shelves as second-order sections: R. Bristow-Johnson's "Audio EQ Cookbook".

A steep shelf is several of them at one frequency, each with its share of the gain and the Q of one pair of a
Butterworth filter's poles. Zeros and poles then lie on circles, as a Butterworth filter's do, and the step is as flat
on both sides.
"""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from vocolab_mastering.butterworth import butterworth_qs

_DB_PER_OCTAVE_AND_ORDER = 6
_FLAT_Q = math.sqrt(0.5)
# Nearer to half the rate the bilinear transform has squeezed a band to nothing.
_HIGHEST_OF_RATE = 0.49

NONE: NDArray[np.float64] = np.zeros((0, 6))
"""No sections: a band that changes nothing."""


def bell_sections(frequency_hz: float, gain_db: float, q: float, sample_rate: int) -> NDArray[np.float64]:
    """(sections, 6): `gain_db` at the centre; none for 0 dB and where the centre is at 0.49 of the rate or over.

    Q is the centre over the bandwidth between the points of half the gain in dB. Near half the rate the bilinear
    transform makes the upper side of the bell steeper.
    """
    if gain_db == 0 or frequency_hz >= _HIGHEST_OF_RATE * sample_rate:
        return NONE
    w0 = 2 * math.pi * frequency_hz / sample_rate
    amplitude = 10 ** (gain_db / 40)
    alpha, cos = math.sin(w0) / (2 * q), math.cos(w0)
    up, down = alpha * amplitude, alpha / amplitude
    return _normalised([1 + up, -2 * cos, 1 - up, 1 + down, -2 * cos, 1 - down])


def shelf_sections(
    kind: Literal["low_shelf", "high_shelf"],
    frequency_hz: float,
    gain_db: float,
    q: float,
    slope_db_per_octave: int,
    sample_rate: int,
) -> NDArray[np.float64]:
    """(sections, 6): half of `gain_db` at the frequency, all of it on the shelf; none for 0 dB.

    From 0.49 of the rate on a high shelf has nothing to work on and is left out; a low shelf has everything below it
    and is plain gain.
    """
    if gain_db == 0:
        return NONE
    if frequency_hz >= _HIGHEST_OF_RATE * sample_rate:
        return np.array([[10 ** (gain_db / 20), 0, 0, 1, 0, 0]]) if kind == "low_shelf" else NONE
    w0 = 2 * math.pi * frequency_hz / sample_rate
    qs = butterworth_qs(slope_db_per_octave // _DB_PER_OCTAVE_AND_ORDER)
    amplitude = 10 ** (gain_db / len(qs) / 40)
    sign = 1 if kind == "low_shelf" else -1
    return np.concatenate([_shelf(amplitude, w0, pair_q * q / _FLAT_Q, sign) for pair_q in qs])


def _shelf(amplitude: float, w0: float, q: float, sign: int) -> NDArray[np.float64]:
    """`sign` is 1 for a low shelf; a high shelf is its mirror image in frequency."""
    cos = sign * math.cos(w0)
    bend = 2 * math.sqrt(amplitude) * math.sin(w0) / (2 * q)
    more, less = amplitude + 1, amplitude - 1
    return _normalised(
        [
            amplitude * (more - less * cos + bend),
            sign * 2 * amplitude * (less - more * cos),
            amplitude * (more - less * cos - bend),
            more + less * cos + bend,
            sign * -2 * (less + more * cos),
            more + less * cos - bend,
        ]
    )


def _normalised(section: list[float]) -> NDArray[np.float64]:
    """(1, 6), b0 b1 b2 a0 a1 a2 with a0 = 1."""
    return np.array([section]) / section[3]
