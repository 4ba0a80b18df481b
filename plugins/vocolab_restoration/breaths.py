"""Finding breaths: noise in a pause, softer than speech and louder than the room.

What tells a breath from a fricative is where it stands. A fricative belongs to a word and touches its vowel; a breath
that is found here has a dip before it and after it. What it is not: voiced, loud, sharp as an s, or as short as an h.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.fft
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy.ndimage import binary_closing, uniform_filter1d

Values = NDArray[np.float64]
HOP_S = 0.01
_FRAME_HOPS = 4
_MARGIN_HOPS = 150
_LOWEST_F0_HZ, _HIGHEST_F0_HZ = 60.0, 400.0
_VOICED = 0.5
"""Autocorrelation at the period, of 1."""
_SHARP_HZ = 5_000.0
_VOICE_HZ = 500.0
_QUIETEST_DBFS = -75.0
_OVER_ROOM_DB, _OVER_DIP_DB = 8.0, 6.0
_LOUD_SHARE, _QUIET_SHARE = 90, 2
"""Percentiles of the level: what is speech, and what is the room."""
_DIP_HOPS, _HOLE_HOPS, _LONGEST_HOPS = 2, 5, 150


@dataclass(frozen=True)
class Breath:
    """A breath in what was looked through."""

    start_hop: int
    stop_hop: int
    level_db: float
    """Its mean level, dBFS."""


@dataclass(frozen=True)
class _Hops:
    """What is measured every 10 ms."""

    power: Values
    voice: Values
    """What is under 500 Hz, as a share."""
    sharp: Values
    """What is over 5 kHz, as a share."""
    voicing: Values


class BreathFinder:
    """Looks for breaths in stretches of audio, all channels together.

    Args:
        sample_rate: In Hz.
        under_speech_db: How far a breath is under the louder speech around it, at least.
        shortest_ms: What lasts less is no breath.
    """

    def __init__(self, sample_rate: int, under_speech_db: float, shortest_ms: float) -> None:
        self.sample_rate = sample_rate
        self.hop = max(1, round(HOP_S * sample_rate))
        self.margin = _MARGIN_HOPS * self.hop
        """Samples on either side that are looked at, and not looked through."""
        self._under = 10 ** (-under_speech_db / 10)
        self._shortest = round(shortest_ms / 1000 / HOP_S)

    def find(self, window: NDArray[np.floating]) -> list[Breath]:
        """The breaths of a whole number of hops, (channels, samples)."""
        hops = self._measured(window)
        smooth = uniform_filter1d(hops.power, 3, mode="nearest")
        speech = np.percentile(smooth, _LOUD_SHARE)
        room = max(float(np.percentile(smooth, _QUIET_SHARE)), 10 ** (_QUIETEST_DBFS / 10))
        is_noise = (hops.voicing < _VOICED) & (hops.voice < 0.6) & (hops.sharp < 0.6)
        between = (smooth > room * 10 ** (_OVER_ROOM_DB / 10)) & (smooth < speech * self._under)
        candidates = binary_closing(is_noise & between, np.ones(_HOLE_HOPS)) & (smooth < speech * self._under)
        return [breath for breath in self._stretches(candidates, smooth) if self._has_dips(breath, smooth)]

    def _measured(self, window: NDArray[np.floating]) -> _Hops:
        length = _FRAME_HOPS * self.hop
        around = np.pad(window, ((0, 0), (length // 2, length)))
        frames = sliding_window_view(around, length, axis=1)[:, :: self.hop][:, : window.shape[1] // self.hop]
        size = scipy.fft.next_fast_len(2 * length, real=True)
        spectra = scipy.fft.rfft(frames * np.hanning(length + 2)[1:-1], size)
        power = (spectra.real**2 + spectra.imag**2).sum(axis=0)
        frequency_hz = np.arange(power.shape[1]) * self.sample_rate / size
        power[:, frequency_hz < _LOWEST_F0_HZ] = 0.0
        total = power.sum(axis=1) + 1e-20
        voice, sharp = (power[:, chosen].sum(axis=1) / total
                        for chosen in (frequency_hz < _VOICE_HZ, frequency_hz > _SHARP_HZ))
        scale = 2 / (size * np.square(np.hanning(length + 2)).sum())
        return _Hops(total * scale, voice, sharp, self._voicing(power, size))

    def _voicing(self, power: Values, size: int) -> Values:
        """The highest autocorrelation at a period of a voice, of what is under 2 kHz."""
        n_bins = max(2, int(2_000 * size / self.sample_rate))
        lags = scipy.fft.irfft(np.where(np.arange(power.shape[1]) < n_bins, power, 0.0), size)
        shortest, longest = (int(self.sample_rate / hz) for hz in (_HIGHEST_F0_HZ, _LOWEST_F0_HZ))
        fading = 1 - np.arange(shortest, longest) / (_FRAME_HOPS * self.hop)
        return np.asarray((lags[:, shortest:longest] / fading).max(axis=1) / (lags[:, 0] + 1e-20))

    def _stretches(self, candidates: NDArray[np.bool_], power: Values) -> list[Breath]:
        edges = np.flatnonzero(np.diff(np.concatenate([[False], candidates, [False]]).astype(int)))
        return [Breath(int(start), int(stop), float(10 * np.log10(power[start:stop].mean())))
                for start, stop in zip(edges[::2], edges[1::2], strict=True)
                if self._shortest <= stop - start <= _LONGEST_HOPS]

    def _has_dips(self, breath: Breath, power: Values) -> bool:
        """Whether it is softer than the breath just before it and just after it."""
        softer = 10 ** ((breath.level_db - _OVER_DIP_DB) / 10)
        before = power[max(0, breath.start_hop - _DIP_HOPS) : breath.start_hop]
        after = power[breath.stop_hop : breath.stop_hop + _DIP_HOPS]
        return bool(len(before) and len(after) and before.max() < softer and after.max() < softer)
