"""Levels without weighting: RMS, noise floor and DC offset."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from vocolab.loudness.bins import PowerBins

_BIN_MS = 100
_FLOOR_BINS = 5  # windows of 0.5 s, as audiobook checks have


class LevelMeter:
    """Mean power, quietest half seconds and mean value of a stream; channels count alike."""

    def __init__(self, sample_rate: int, channels: int) -> None:
        self._bins = PowerBins(sample_rate, _BIN_MS, np.full(channels, 1 / channels))
        self._sums = np.zeros(channels)

    def add(self, block: NDArray[np.float64]) -> None:
        """Take the next (channels, n) samples."""
        self._bins.add(block)
        self._sums += block.sum(axis=1)

    def rms_dbfs(self) -> float | None:
        """RMS over all samples of all channels: a full-scale sine is at -3.01, a square wave at 0.

        None for digital silence.
        """
        return _decibels(self._bins.energy / max(self._bins.n_samples, 1))

    def noise_floor_dbfs(self, apart_s: tuple[float, float] = (0.0, 0.0)) -> float | None:
        """RMS of the quietest 0.5 s, one window every 0.1 s: what is left in the pauses.

        Windows with 0.1 s of digital silence in them don't count: they were made, not recorded. None where no window
        is left. Where nobody pauses for half a second this is the quietest speech.

        Args:
            apart_s: How much at the beginning and at the end was put there, and is not looked at.
        """
        powers = self._bins.window_powers(_FLOOR_BINS)
        if not powers.size:
            return None
        head, tail = (math.ceil(1000 * seconds / _BIN_MS) for seconds in apart_s)
        audible = self._bins.window_powers(1) > 0
        audible[:head] = audible[len(audible) - tail :] = False
        recorded = np.lib.stride_tricks.sliding_window_view(audible, _FLOOR_BINS).all(axis=-1)
        return _decibels(float(powers[recorded].min(initial=np.inf))) if recorded.any() else None

    def dc_offset(self) -> float | None:
        """Mean of the channel where it is furthest from 0, full scale at 1; None without samples."""
        if not self._bins.n_samples:
            return None
        return float(self._sums[np.abs(self._sums).argmax()] / self._bins.n_samples)


def _decibels(power: float) -> float | None:
    return 10 * math.log10(power) if power > 0 else None
