"""Third octaves: the level of each in a recording, where somebody speaks, and a filter that changes them.

Bands as IEC 61260-1:2014 has them, base ten, from 50 Hz on. Levels are those of the passages that count for loudness
too: segments of 0.17 s at most 10 dB under the mean of all that is over -70 dBFS.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from vocolab.block_buffers import Waiting
from vocolab.effects import Block

Values = NDArray[np.float64]
_SEGMENT_S = 0.17
_FIRST, _LAST = 17, 43
"""Of the bands: 10 ** 1.7 is 50 Hz, 10 ** 4.3 20 kHz."""
_HIGHEST_SHARE = 0.45
"""Of the sample rate: what is higher, converters and resamplers have cut."""
_ABSOLUTE_GATE_DBFS, _RELATIVE_GATE_DB = -70, -10
_LOUDEST_DBFS = 60
_ROUNDS = 6


def band_centres_hz(sample_rate: float) -> Values:
    """The centres of the bands that a sample rate has."""
    centres: Values = 10 ** (np.arange(_FIRST, _LAST + 1) / 10)
    return centres[centres * 10**0.05 <= _HIGHEST_SHARE * sample_rate]


class SpokenSpectrum:
    """The mean power spectrum of the louder passages of a stream, over its channels; memory does not grow.

    Spectra are summed by the level of their segment, to one decibel: the gate is known when all have been seen.
    """

    def __init__(self, sample_rate: int, channels: int) -> None:
        self.sample_rate = sample_rate
        self.size = 2 ** round(math.log2(_SEGMENT_S * sample_rate))
        self._window = np.hanning(self.size + 1)[:-1]
        self._waiting = Waiting(channels, self.size, self.size // 2)
        n_levels = _LOUDEST_DBFS - _ABSOLUTE_GATE_DBFS
        self._sums: dict[int, Values] = {}
        self._counts = np.zeros(n_levels)

    def add(self, block: Block) -> None:
        """Take the next (channels, n) samples."""
        for segment in self._waiting.windows(block):
            spectra = np.fft.rfft(segment * self._window)
            power = np.mean(spectra.real**2 + spectra.imag**2, axis=0)
            total = 2 * power.sum() / (self.size * np.square(self._window).sum())
            level = math.floor(10 * math.log10(total)) - _ABSOLUTE_GATE_DBFS if total > 0 else -1
            if level >= 0:
                level = min(level, len(self._counts) - 1)
                self._counts[level] += 1
                self._sums[level] = self._sums.get(level, 0.0) + power

    def power(self) -> Values | None:
        """(size / 2 + 1,) of what passes the gates; None where nothing does."""
        if not self._sums:
            return None
        means = 10 ** ((np.arange(len(self._counts)) + 0.5) / 10)
        gate = 10 * math.log10(float(self._counts @ means / self._counts.sum())) + _RELATIVE_GATE_DB
        loud = [level for level in self._sums if level + 1 > gate]
        scale = 2 / (self.size * np.square(self._window).sum() * self._counts[loud].sum())
        return np.asarray(sum(self._sums[level] for level in loud) * scale)


def band_levels_db(power: Values, sample_rate: int, centres_hz: Values) -> Values:
    """The level of each band, of a spectrum as `SpokenSpectrum.power` gives it; -200 where there is nothing."""
    below = np.concatenate([[0.0], np.cumsum(power)])
    edges_hz = (np.arange(len(below)) - 0.5) * sample_rate / 2 / (len(power) - 1)
    upper, lower = (np.interp(centres_hz * 10**step, edges_hz, below) for step in (0.05, -0.05))
    return 10 * np.log10(np.maximum(upper - lower, 1e-20))


def designed(gains_db: Values, centres_hz: Values, power: Values, sample_rate: int) -> Values:
    """A filter of linear phase, of odd length, after which the bands of `power` are changed by `gains_db`.

    Between the centres the gain in dB is a straight line over the octaves, and outside of them it stays. What a band
    gets depends on where in it the power is, and so the line is corrected until the bands fit.
    """
    n_bins = len(power)
    frequency_hz = np.arange(n_bins) * sample_rate / 2 / (n_bins - 1)
    octave = np.log2(np.maximum(frequency_hz, 1.0))
    before_db, line_db = band_levels_db(power, sample_rate, centres_hz), gains_db.copy()
    for _ in range(_ROUNDS):
        taps = _taps(np.interp(octave, np.log2(centres_hz), line_db))
        response = np.abs(np.fft.rfft(taps, 2 * (n_bins - 1)))
        reached_db = band_levels_db(power * response**2, sample_rate, centres_hz) - before_db
        line_db += gains_db - reached_db
    return taps


def _taps(gain_db: Values) -> Values:
    """The impulse response of gains on a grid, as long as the grid is fine, made to fade at its ends."""
    response = np.fft.irfft(10 ** (gain_db / 20))
    half = len(response) // 2 - 1
    taps = np.concatenate([response[-half:], response[: half + 1]])
    return np.asarray(taps * np.hanning(len(taps) + 2)[1:-1])
