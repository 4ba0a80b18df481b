"""Sounds that tests make mels of."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vocolab.audio import Audio


def tone(frequency_hz: float, sample_rate: int, seconds: float = 0.5, level: float = 0.5) -> Audio:
    t = np.arange(round(seconds * sample_rate)) / sample_rate
    return Audio.mono(level * np.sin(2 * np.pi * frequency_hz * t), sample_rate)


def babble(sample_rate: int, seconds: float = 1.0, seed: int = 0) -> Audio:
    """Harmonics that glide, under an envelope that opens and closes, over a noise floor: the shape of speech."""
    rng = np.random.default_rng(seed)
    t = np.arange(round(seconds * sample_rate)) / sample_rate
    f0_hz = 140 + 40 * np.sin(2 * np.pi * 1.3 * t + rng.uniform(0, 6))
    phase = 2 * np.pi * np.cumsum(f0_hz) / sample_rate
    voice = sum(np.sin(k * phase) / k**1.2 for k in range(1, 40))
    envelope = np.clip(np.sin(2 * np.pi * 3.1 * t + rng.uniform(0, 6)) + 0.3, 0, 1)
    samples: NDArray[np.float64] = 0.15 * envelope * voice + 1e-3 * rng.standard_normal(t.size)
    return Audio.mono(samples, sample_rate)
