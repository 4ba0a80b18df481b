"""What F0 a frame may have: the peaks of its normalised autocorrelation.

Boersma, "Accurate short-term analysis of the fundamental frequency and the harmonics-to-noise ratio of a sampled sound"
(1993): the autocorrelation of a windowed frame over that of its window is 1 at every period of a periodic sound. Here
it is taken of the compressed spectrum below 1.5 kHz (Tolonen and Karjalainen, 2000): one strong harmonic or the noise
of breath then hide the others less.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ENOUGH_HZ = 5_000
VOICING = 0.27
PERIODS = 3
"""A frame is this many periods of the lowest F0 long."""
FULL_TO_HZ, NOTHING_FROM_HZ = 1000.0, 1500.0
_COMPRESSION = 0.5
_FINER = 2
"""Lags stand closer than samples by this factor: peaks are then narrow enough for a parabola."""
_TINY = 1e-12


@dataclass(frozen=True, eq=False)
class Candidates:
    """The best peaks of each frame, (frames, count) each, and what is left empty has a strength of 0."""

    f0_hz: NDArray[np.float32]
    strength: NDArray[np.float32]
    """The normalised autocorrelation at the peak: about 1 for a periodic sound, about 0 for noise."""


def window_samples(sample_rate: float, lowest_hz: float) -> int:
    """How long a frame has to be."""
    return 2 * round(PERIODS * sample_rate / lowest_hz / 2)


def candidates(
    frames: NDArray[np.float32], sample_rate: float, *, lowest_hz: float, highest_hz: float, count: int
) -> Candidates:
    """The `count` strongest peaks of each frame of (frames, `window_samples`)."""
    rate = sample_rate * _FINER
    correlation = _normalised(frames, sample_rate, round(rate / lowest_hz) + 3)
    lags = np.arange(1, correlation.shape[1] - 1)
    inner = correlation[:, 1:-1]
    peaks = (inner > correlation[:, :-2]) & (inner >= correlation[:, 2:]) & (inner > 0)
    peaks &= (lags >= rate / highest_hz - 1) & (lags <= rate / lowest_hz + 1)
    heights = np.where(peaks, inner, 0)
    best = np.argpartition(-heights, count, axis=1)[:, :count] + 1
    below, here, above = (np.take_along_axis(correlation, best + step, 1) for step in (-1, 0, 1))
    curve = below - 2 * here + above
    shift = np.where(curve < -_TINY, (below - above) / (2 * np.minimum(curve, -_TINY)), 0).clip(-0.5, 0.5)
    found = np.take_along_axis(heights, best - 1, 1) > 0
    strength = np.where(found, (here - (below - above) * shift / 4).clip(0, 1), 0)
    return Candidates((rate / (best + shift)).astype(np.float32), strength.astype(np.float32))


def _normalised(frames: NDArray[np.float32], sample_rate: float, lags: int) -> NDArray[np.float32]:
    """Autocorrelation of each frame over its window's, 1 at lag 0: (frames, lags), `_FINER` to a sample."""
    length = frames.shape[1]
    window = np.hanning(length + 2)[1:-1].astype(np.float32)
    n_fft = 1 << (length + lags // _FINER).bit_length()
    fine = n_fft * _FINER
    own = np.fft.irfft(np.abs(np.fft.rfft(window, n_fft)) ** 2, fine)[:lags].astype(np.float32)
    spectra = np.fft.rfft((frames - frames.mean(axis=1, keepdims=True)) * window, n_fft)
    frequency = np.arange(n_fft // 2 + 1) * (sample_rate / n_fft)
    weight = ((NOTHING_FROM_HZ - frequency) / (NOTHING_FROM_HZ - FULL_TO_HZ)).clip(0, 1)
    power = weight.astype(np.float32) * (spectra.real**2 + spectra.imag**2) ** _COMPRESSION
    raw = np.fft.irfft(power, fine)[:, :lags]
    return raw / np.maximum(raw[:, :1], _TINY) * (own[0] / own)  # type: ignore[no-any-return]
