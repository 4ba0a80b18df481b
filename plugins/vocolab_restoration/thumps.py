"""Finding the thumps of plosives: air on the microphone, heard under 100 Hz and hardly over it, and soon gone.

A thump rises far over what is usually under 55 Hz in its recording, where no voice has its fundamental, is stronger
there than what is between 100 and 500 Hz, and lasts less than a vowel.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.fft
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, median_filter, uniform_filter1d
from scipy.signal import firwin

Values = NDArray[np.float64]
HOP_S = 0.01
_THUMP_HZ, _LOW_HZ, _VOICE_HZ = 55.0, 100.0, 500.0
"""No voice is under the first, nor much of a thump over the second; the first harmonics are under the third."""
_FILTER_S = 0.08
_FILTER_HOPS = 4
"""How far a sound that ends is heard on in the filters."""
_USUAL_HOPS = 61
_MARGIN_HOPS = 80
_QUIETEST_DBFS = -50.0
_HEARD_DB = 17.0
"""Under the voice around it a thump is not heard, and stays."""
_ENDS_DB = 25.0
"""Under its peak a thump has ended, or has not begun."""


@dataclass(frozen=True)
class Thump:
    """A thump in what was looked through."""

    start_hop: int
    stop_hop: int
    level_db: float
    """Its highest level under 55 Hz, dBFS over 30 ms."""


class ThumpFinder:
    """Looks for thumps in stretches of mono audio.

    Args:
        sample_rate: In Hz.
        rise_db: How far a thump stands over what is usual around it.
        longest_ms: What lasts longer is no thump.
    """

    def __init__(self, sample_rate: int, rise_db: float, longest_ms: float) -> None:
        self.hop = max(1, round(HOP_S * sample_rate))
        self.margin = _MARGIN_HOPS * self.hop
        """Samples on either side that are looked at, and not looked through."""
        self._rise = 10 ** (rise_db / 10)
        self._longest_hops = max(1, round(longest_ms / 1000 / HOP_S))
        n_taps = 2 * round(_FILTER_S * sample_rate / 2) + 1
        self._filters = [firwin(n_taps, hz, fs=sample_rate) for hz in (_THUMP_HZ, _LOW_HZ, _VOICE_HZ)]
        self._spectra: dict[int, list[NDArray[np.complex128]]] = {}

    def find(self, window: Values) -> tuple[list[Thump], Values]:
        """The thumps of a whole number of hops, and what is under 100 Hz, sample by sample and without an offset."""
        lowest, low, first = self._bands(window)
        offset = np.median(low)
        low_power, voice_power = self._powers(lowest - offset), self._powers(first - low)
        fundamental = uniform_filter1d(self._powers(low - lowest), 3, mode="nearest")
        usual = _usual(low_power)
        level = uniform_filter1d(low_power, 3, mode="nearest")
        stands_out = level > np.maximum(self._rise * usual, 10 ** (_QUIETEST_DBFS / 10))
        voice = uniform_filter1d(voice_power, 3, mode="nearest")
        near = maximum_filter1d(voice, 2 * _FILTER_HOPS + 1, mode="nearest")
        heard = voice.max() * 10 ** (-_HEARD_DB / 10)
        is_low = level > np.max([fundamental, voice / 8, near / 32, np.full(len(voice), heard)], axis=0)
        return self._thumps(low_power, level, usual, stands_out & is_low), low - offset

    def low(self, window: Values) -> Values:
        """What is under 100 Hz, sample by sample and without an offset."""
        low = self._bands(window)[1]
        return np.asarray(low - np.median(low))

    def _bands(self, window: Values) -> list[Values]:
        """What is under each frequency, without delay."""
        half = len(self._filters[0]) // 2
        size = scipy.fft.next_fast_len(len(window) + 2 * half, real=True)
        if size not in self._spectra:
            self._spectra[size] = [scipy.fft.rfft(taps, size) for taps in self._filters]
        spectrum = scipy.fft.rfft(window, size)
        bands = (scipy.fft.irfft(spectrum * response, size) for response in self._spectra[size])
        return [band[half : half + len(window)] for band in bands]

    def _powers(self, samples: Values) -> Values:
        return np.asarray(np.square(samples).reshape(-1, self.hop).mean(axis=1))

    def _thumps(self, power: Values, level: Values, usual: Values, seen: NDArray[np.bool_]) -> list[Thump]:
        """From the highest hop of each stretch outwards, as long as it falls and is more than usual."""
        thumps, end = [], 0
        for first in np.flatnonzero(seen & ~np.concatenate([[False], seen[:-1]])):
            if first < end:
                continue
            last = first + int(np.argmin(np.append(seen[first:], False)))
            peak = first + int(np.argmax(level[first:last]))
            over = power > np.maximum(2 * usual, level[peak] * 10 ** (-_ENDS_DB / 10))
            start = peak - int(np.argmin(np.append(over[:peak][::-1], False)))
            end = peak + int(np.argmin(np.append(over[peak:], False)))
            if end - start <= self._longest_hops:
                thumps.append(Thump(start, end, float(10 * np.log10(level[peak]))))
        return thumps


def _usual(power: Values) -> Values:
    """The median of the hops before each, or of those after it where that is more: beside it may be silence."""
    before, after = (median_filter(power, _USUAL_HOPS, mode="nearest", origin=origin)
                     for origin in (_USUAL_HOPS // 2, -(_USUAL_HOPS // 2)))
    return np.maximum(before, after)
