"""Crossover: any number of bands whose sum is flat.

S. Linkwitz, R. Riley, "Active Crossover Networks for Noncoincident Drivers", JAES 24(1), 1976: a low-pass and a
high-pass of fourth order, each two Butterworths of second order, sum to an all-pass of second order. With more bands
than two, each band also passes the all-passes of the crossovers that it was not split by; only then are all in phase.

    x -+- low  - all-pass f3 -+- low  -------------- band 0       split in the middle first: a band passes few filters
       |        (split at f2) +- high -------------- band 1
       +- high - all-pass f1 -+- low  -------------- band 2
                              +- high -------------- band 3       (f1 < f2 < f3)
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vocolab.effects import Block
from vocolab.section_filters import SectionBank

#: Nearer to half the rate the bilinear transform has squeezed a band to nothing.
HIGHEST_OF_RATE = 0.45


class Crossover:
    """Linkwitz-Riley bands of fourth order (24 dB an octave) over a stream; no latency.

    The bands sum to an all-pass: flat, but with its phase turned, so that they must not be mixed with their input.
    `sum` of the unprocessed bands is what to mix with. Frequencies (Hz, ascending) from 0.45 of the rate on are left
    out, and the bands above them with them: the highest band left has all that is above it. Without frequencies
    there is one band, the input itself.
    """

    def __init__(self, frequencies_hz: Sequence[float], sample_rate: int, channels: int) -> None:
        inside = [frequency for frequency in frequencies_hz if frequency < HIGHEST_OF_RATE * sample_rate]
        self.n_bands = len(inside) + 1
        """How many bands there are at this rate."""
        cascades = [np.reshape(each, (-1, 6)) for each in _cascades(inside, sample_rate)]
        self._bank = SectionBank(cascades, channels, "float32")

    def process(self, block: Block) -> NDArray[np.float32]:
        """The bands (bands, channels, n) of the next block, from the lowest on."""
        return self._bank.process(block)


def _cascades(frequencies_hz: list[float], sample_rate: int) -> list[list[list[float]]]:
    """The sections of each band: split at the middle one of the frequencies, and each half again."""
    if not frequencies_hz:
        return [[]]
    middle = len(frequencies_hz) // 2
    below, above = frequencies_hz[:middle], frequencies_hz[middle + 1 :]
    lowpass, highpass, _ = _sections(frequencies_hz[middle], sample_rate)
    turns_below, turns_above = ([_sections(each, sample_rate)[2] for each in half] for half in (below, above))
    low, high = [lowpass, lowpass, *turns_above], [highpass, highpass, *turns_below]
    lower = [[*low, *sections] for sections in _cascades(below, sample_rate)]
    return lower + [[*high, *sections] for sections in _cascades(above, sample_rate)]


def _sections(frequency_hz: float, sample_rate: int) -> list[list[float]]:
    """Low-pass, high-pass (Butterworth, second order) and the all-pass that their squares sum to.

    All have the poles s^2 + sqrt(2) s + 1; above them stand 1, s^2, and s^2 - sqrt(2) s + 1.
    """
    k = math.tan(math.pi * frequency_hz / sample_rate)
    scale = 1 + math.sqrt(2) * k + k * k
    poles = [1.0, 2 * (k * k - 1) / scale, (1 - math.sqrt(2) * k + k * k) / scale]
    low, high = k * k / scale, 1 / scale
    return [[low, 2 * low, low, *poles], [high, -2 * high, high, *poles], [*poles[::-1], *poles]]
