"""Parametric equaliser: bells and shelves, R. Bristow-Johnson's "Audio EQ Cookbook"."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from vocolab.effects import BlockEffect, BlockProcessor
from vocolab_mastering.options import Band, EqOptions
from vocolab_mastering.sections import Sections

# Nearer to half the rate the bilinear transform has squeezed a band to nothing.
_HIGHEST_OF_RATE = 0.49


class Eq(BlockEffect[EqOptions]):
    """Bands one after the other. Bands of 0 dB are left out, so that a flat equaliser changes no bit.

    A bell or a high shelf at or above half the rate has nothing to work on and is left out; a low shelf there has
    everything below it and is plain gain.
    """

    name = "eq"

    def open(self, sample_rate: int, channels: int) -> BlockProcessor:
        """Filters for one stream."""
        sections = [section for band in self.options.bands if (section := band_section(band, sample_rate))]
        return Sections(np.array(sections).reshape(-1, 6), channels)


def band_section(band: Band, sample_rate: int) -> list[float] | None:
    """b0 b1 b2 a0 a1 a2 with a0 = 1, or None where the band changes nothing."""
    if band.gain_db == 0:
        return None
    if band.frequency_hz >= _HIGHEST_OF_RATE * sample_rate:
        return [10 ** (band.gain_db / 20), 0, 0, 1, 0, 0] if band.kind == "low_shelf" else None
    w0 = 2 * math.pi * band.frequency_hz / sample_rate
    amplitude = 10 ** (band.gain_db / 40)
    if band.kind == "peak":
        coefficients = _bell(amplitude, w0, band.q)
    else:
        coefficients = _shelf(amplitude, w0, band.q, sign=1 if band.kind == "low_shelf" else -1)
    return list(coefficients / coefficients[3])


def _bell(amplitude: float, w0: float, q: float) -> NDArray[np.float64]:
    alpha, cos = math.sin(w0) / (2 * q), math.cos(w0)
    up, down = alpha * amplitude, alpha / amplitude
    return np.array([1 + up, -2 * cos, 1 - up, 1 + down, -2 * cos, 1 - down])


def _shelf(amplitude: float, w0: float, q: float, sign: int) -> NDArray[np.float64]:
    """`sign` is 1 for a low shelf; a high shelf is its mirror image in frequency."""
    cos = sign * math.cos(w0)
    bend = 2 * math.sqrt(amplitude) * math.sin(w0) / (2 * q)
    more, less = amplitude + 1, amplitude - 1
    return np.array(
        [
            amplitude * (more - less * cos + bend),
            sign * 2 * amplitude * (less - more * cos),
            amplitude * (more - less * cos - bend),
            more + less * cos + bend,
            sign * -2 * (less + more * cos),
            more + less * cos - bend,
        ]
    )
