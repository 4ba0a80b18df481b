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
from scipy.signal import sosfilt

from vocolab.effects import Block

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
        self._tree = _Branch(inside, sample_rate, channels) if inside else None

    def process(self, block: Block) -> NDArray[np.float64]:
        """The bands (bands, channels, n) of the next block, from the lowest on."""
        # float64: a low-pass at 20 Hz and 192 kHz has poles that float32 can't tell from 1
        wide = block.astype(np.float64)
        bands = np.empty((self.n_bands, *block.shape))
        if self._tree is None or not block.size:
            bands[:] = wide
        else:
            self._tree.process(wide, bands)
        return bands


class _Branch:
    """Splits at the middle one of its frequencies, and each half again."""

    def __init__(self, frequencies_hz: list[float], sample_rate: int, channels: int) -> None:
        middle = len(frequencies_hz) // 2
        below, above = frequencies_hz[:middle], frequencies_hz[middle + 1 :]
        lowpass, highpass, _ = _sections(frequencies_hz[middle], sample_rate)
        turns_below, turns_above = ([_sections(each, sample_rate)[2] for each in half] for half in (below, above))
        self._low = _Cascade([lowpass, lowpass, *turns_above], channels)
        self._high = _Cascade([highpass, highpass, *turns_below], channels)
        self._lower = _Branch(below, sample_rate, channels) if below else None
        self._upper = _Branch(above, sample_rate, channels) if above else None
        self._n_low = len(below) + 1

    def process(self, x: NDArray[np.float64], bands: NDArray[np.float64]) -> None:
        """Fill the bands (bands, channels, n) that x is made of."""
        _hand_on(self._low.process(x), self._lower, bands[: self._n_low])
        _hand_on(self._high.process(x), self._upper, bands[self._n_low :])


def _hand_on(x: NDArray[np.float64], branch: _Branch | None, bands: NDArray[np.float64]) -> None:
    if branch is None:
        bands[0] = x
    else:
        branch.process(x, bands)


class _Cascade:
    """Second-order sections in float64, with state."""

    def __init__(self, sections: list[list[float]], channels: int) -> None:
        self._sections = np.array(sections)
        self._state = np.zeros((len(sections), channels, 2))

    def process(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        y, self._state = sosfilt(self._sections, x, zi=self._state)
        return np.asarray(y)


def _sections(frequency_hz: float, sample_rate: int) -> list[list[float]]:
    """Low-pass, high-pass (Butterworth, second order) and the all-pass that their squares sum to.

    All have the poles s^2 + sqrt(2) s + 1; above them stand 1, s^2, and s^2 - sqrt(2) s + 1.
    """
    k = math.tan(math.pi * frequency_hz / sample_rate)
    scale = 1 + math.sqrt(2) * k + k * k
    poles = [1.0, 2 * (k * k - 1) / scale, (1 - math.sqrt(2) * k + k * k) / scale]
    low, high = k * k / scale, 1 / scale
    return [[low, 2 * low, low, *poles], [high, -2 * high, high, *poles], [*poles[::-1], *poles]]
