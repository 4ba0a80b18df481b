"""Mel filter banks and windows, as the conventions define them."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from vocolab.mels.spec import MelSpec

# Slaney's Auditory Toolbox (1998): linear to 1 kHz at 200/3 Hz a mel, then logarithmic, 27 steps for a factor of 6.4.
_LINEAR_HZ_PER_MEL = 200.0 / 3.0
_BREAK_HZ = 1000.0
_BREAK_MEL = _BREAK_HZ / _LINEAR_HZ_PER_MEL
_HAMMING_SHARE = 0.54
_LOG_STEP = np.log(6.4) / 27.0


def hz_to_mel(frequency_hz: NDArray[np.float64] | float, scale: str) -> NDArray[np.float64]:
    """Frequencies in Hz on the "slaney" or the "htk" mel scale."""
    hz = np.asarray(frequency_hz, dtype=np.float64)
    if scale == "htk":
        return np.asarray(2595.0 * np.log10(1.0 + hz / 700.0))
    logarithmic = _BREAK_MEL + np.log(np.maximum(hz, _BREAK_HZ) / _BREAK_HZ) / _LOG_STEP
    return np.where(hz < _BREAK_HZ, hz / _LINEAR_HZ_PER_MEL, logarithmic)


def mel_to_hz(mel: NDArray[np.float64] | float, scale: str) -> NDArray[np.float64]:
    """The reverse of `hz_to_mel`."""
    m = np.asarray(mel, dtype=np.float64)
    if scale == "htk":
        return np.asarray(700.0 * (10.0 ** (m / 2595.0) - 1.0))
    logarithmic = _BREAK_HZ * np.exp(_LOG_STEP * (np.maximum(m, _BREAK_MEL) - _BREAK_MEL))
    return np.where(m < _BREAK_MEL, m * _LINEAR_HZ_PER_MEL, logarithmic)


@lru_cache(maxsize=32)
def mel_filters(spec: MelSpec) -> NDArray[np.float32]:
    """Triangular filters of shape (n_mels, n_fft // 2 + 1), read-only.

    Filter m rises from edge m to edge m + 1 and falls to edge m + 2, the edges evenly spaced in mel.
    "slaney" norm divides each by half its width in Hz, so that all have the same area.
    """
    bins_hz = np.linspace(0.0, spec.sample_rate / 2, spec.n_fft // 2 + 1)
    low, high = hz_to_mel(np.array([spec.fmin_hz, spec.fmax_hz]), spec.mel_scale)
    edges_hz = mel_to_hz(np.linspace(low, high, spec.n_mels + 2), spec.mel_scale)
    widths_hz = np.diff(edges_hz)
    rising = (bins_hz[None, :] - edges_hz[:-2, None]) / widths_hz[:-1, None]
    falling = (edges_hz[2:, None] - bins_hz[None, :]) / widths_hz[1:, None]
    filters = np.maximum(0.0, np.minimum(rising, falling))
    if spec.filter_norm == "slaney":
        filters *= (2.0 / (edges_hz[2:] - edges_hz[:-2]))[:, None]
    result = filters.astype(np.float32)
    result.setflags(write=False)
    return result


@lru_cache(maxsize=32)
def analysis_window(spec: MelSpec) -> NDArray[np.float32]:
    """The window, centred in n_fft samples and read-only."""
    periodic = spec.window != "hann-symmetric"
    share = _HAMMING_SHARE if spec.window == "hamming" else 0.5
    length = spec.win_samples
    phase = 2 * np.pi * np.arange(length) / (length if periodic else length - 1)
    window = np.zeros(spec.n_fft)
    start = (spec.n_fft - length) // 2
    window[start : start + length] = share - (1 - share) * np.cos(phase)
    result = window.astype(np.float32)
    result.setflags(write=False)
    return result


def spectrum_gain(spec: MelSpec) -> float:
    """What magnitudes are multiplied by before the filters."""
    if spec.spectrum_scale == "none":
        return 1.0
    return float(1.0 / np.sqrt(np.sum(analysis_window(spec).astype(np.float64) ** 2)))
