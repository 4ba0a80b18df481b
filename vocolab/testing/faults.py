"""Faults of recordings, made here at a stated strength: what tests of restoration add to clean audio.

All take and give mono float64 samples; a level against speech is against its RMS over what is not silence.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float64]
_SILENCE_DB = 40.0
_WINDOW_S = 0.02


def speech_rms(samples: Samples, sample_rate: int) -> float:
    """The RMS over the windows of 20 ms that are at most 40 dB under the loudest."""
    n = max(1, round(_WINDOW_S * sample_rate))
    powers = np.square(samples[: len(samples) // n * n]).reshape(-1, n).mean(axis=1)
    return float(np.sqrt(powers[powers >= powers.max() * 10 ** (-_SILENCE_DB / 10)].mean()))


def at_snr(speech: Samples, noise: Samples, snr_db: float, sample_rate: int) -> Samples:
    """`speech` with `noise` under it, so that speech over noise is `snr_db`."""
    noise = noise[: len(speech)]
    wanted = speech_rms(speech, sample_rate) * 10 ** (-snr_db / 20)
    return np.asarray(speech + noise * (wanted / np.sqrt(np.mean(np.square(noise)))))


def coloured(n_samples: int, sample_rate: int, slope_db_per_octave: float, seed: int = 0) -> Samples:
    """Stationary noise whose spectrum falls (or rises) by a slope, from 20 Hz on; 0 is white."""
    white = np.random.default_rng(seed).standard_normal(n_samples)
    frequency_hz = np.maximum(np.fft.rfftfreq(n_samples, 1 / sample_rate), 20.0)
    shape = (frequency_hz / 20.0) ** (slope_db_per_octave / (20 * np.log10(2)))
    return np.asarray(np.fft.irfft(np.fft.rfft(white) * shape, n_samples))


def hum(n_samples: int, sample_rate: int, mains_hz: float = 50.0, harmonics: int = 10, *, drift_hz: float = 0.0,
        fall_db: float = 3.0, seed: int = 0) -> Samples:
    """Mains hum: `harmonics` lines, each `fall_db` under the one before, that wander by `drift_hz` over 20 s."""
    rng = np.random.default_rng(seed)
    time_s = np.arange(n_samples) / sample_rate
    phase = 2 * np.pi * np.cumsum(mains_hz + drift_hz * np.sin(2 * np.pi * time_s / 20)) / sample_rate
    lines = (10 ** (-fall_db * (k - 1) / 20) * np.sin(k * phase + rng.uniform(0, 2 * np.pi))
             for k in range(1, harmonics + 1) if k * (mains_hz + drift_hz) < sample_rate / 2)
    return np.asarray(sum(lines, np.zeros(n_samples)))
