"""How periodic each moment of speech is, and with which period: what metrics of voicing and of noise compare.

Normalised cross-correlation, after Talkin, "A robust algorithm for pitch tracking (RAPT)" (1995), without its dynamic
programming: F0 as people hear it is what `vocolab.pitch.tracking` follows. At 16 kHz, every 10 ms, 32 ms of the signal
x are compared with what follows a lag later:

    r(lag) = sum x[n] x[n + lag] / sqrt(sum x[n]^2 * sum x[n + lag]^2 + noise)

for the lags of 60 to 500 Hz. The periodicity is the largest r; the period is the shortest lag with a peak nearly as
high, since a signal that repeats after one period repeats after two as well; a parabola through that peak and its
neighbours places it between the samples. The `noise` term, a tone at -60 dB of the loudest frame, makes what is almost
silent unperiodic.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vocolab.audio import Audio

RATE_HZ = 16_000
HOP_SAMPLES = 160
_WINDOW_SAMPLES = 512
_SHORTEST_LAG, _LONGEST_LAG = RATE_HZ // 500, RATE_HZ // 60
_NEARLY = 0.9
_VOICED = 0.6
"""Periodicity from which on a frame counts as voiced: white noise seldom reaches 0.4, a steady vowel 0.95."""


@dataclass(frozen=True, eq=False)
class Pitch:
    """A frame every 10 ms."""

    periodicity: NDArray[np.float64]
    """0 to 1, shape (frames,)."""
    frequency_hz: NDArray[np.float64]
    """Of the best period, voiced or not, shape (frames,)."""

    @property
    def voiced(self) -> NDArray[np.bool_]:
        """Where the signal is periodic enough, shape (frames,)."""
        return self.periodicity >= _VOICED


def track_pitch(audio: Audio) -> Pitch:
    """The pitch of speech; averaged to one channel."""
    signal = audio.mono_at(RATE_HZ).samples[0]
    span = _WINDOW_SAMPLES + _LONGEST_LAG
    padded = np.pad(signal.astype(np.float64), (_WINDOW_SAMPLES // 2, span))
    n_frames = -(-signal.size // HOP_SAMPLES)
    frames = np.lib.stride_tricks.sliding_window_view(padded, span)[: n_frames * HOP_SAMPLES : HOP_SAMPLES]
    correlation = _correlation(frames - frames.mean(axis=1, keepdims=True))
    best = correlation.max(axis=1)
    lags = _SHORTEST_LAG + _between_lags(correlation, _first_peak(correlation, _NEARLY * best))
    return Pitch(np.clip(best, 0.0, 1.0), RATE_HZ / lags)


def _correlation(frames: NDArray[np.float64]) -> NDArray[np.float64]:
    """r of each frame (rows) at each lag from the shortest on (columns)."""
    n_fft = 2 ** int(np.ceil(np.log2(frames.shape[1] + _WINDOW_SAMPLES)))
    head = np.fft.rfft(frames[:, :_WINDOW_SAMPLES], n_fft)
    lags = slice(_SHORTEST_LAG, _LONGEST_LAG + 1)
    products = np.fft.irfft(np.conj(head) * np.fft.rfft(frames, n_fft), n_fft)[:, lags]
    sums = np.cumsum(np.pad(np.square(frames), ((0, 0), (1, 0))), axis=1)
    energy = sums[:, _WINDOW_SAMPLES : _WINDOW_SAMPLES + _LONGEST_LAG + 1] - sums[:, : _LONGEST_LAG + 1]
    noise = 1e-6 * max(energy.max(), 1e-12)
    result: NDArray[np.float64] = products / np.sqrt(energy[:, :1] * energy[:, lags] + noise**2)
    return result


def _first_peak(correlation: NDArray[np.float64], threshold: NDArray[np.float64]) -> NDArray[np.intp]:
    """The first local maximum of each row that reaches its threshold, else the row's largest."""
    inner = correlation[:, 1:-1]
    peaks = (inner >= correlation[:, :-2]) & (inner >= correlation[:, 2:]) & (inner >= threshold[:, None])
    first: NDArray[np.intp] = np.where(peaks.any(axis=1), peaks.argmax(axis=1) + 1, correlation.argmax(axis=1))
    return first


def _between_lags(correlation: NDArray[np.float64], peaks: NDArray[np.intp]) -> NDArray[np.float64]:
    """Where the parabola through each row's peak and its two neighbours is highest, in columns."""
    inner = np.clip(peaks, 1, correlation.shape[1] - 2)
    before, at, after = (np.take_along_axis(correlation, inner[:, None] + step, axis=1)[:, 0] for step in (-1, 0, 1))
    bend = before - 2 * at + after
    shift = np.divide(before - after, 2 * bend, out=np.zeros_like(bend), where=bend < 0)
    result: NDArray[np.float64] = np.where(inner == peaks, peaks + np.clip(shift, -0.5, 0.5), peaks)
    return result
