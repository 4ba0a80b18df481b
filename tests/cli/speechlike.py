"""Audio that measures like speech."""

import numpy as np

from vocolab.audio import Audio

RATE_HZ = 22_050


def speechlike(seconds: float = 1.0, rate_hz: int = RATE_HZ, channels: int = 1) -> Audio:
    """Noise in syllables: has loudness, peaks, and a spectrum that falls."""
    rng = np.random.default_rng(2)
    n_samples = int(seconds * rate_hz)
    noise = np.cumsum(rng.standard_normal((channels, n_samples)), axis=1)
    noise -= np.linspace(0, 1, n_samples) * noise[:, -1:]
    noise = np.diff(noise, prepend=0, axis=1) + 0.02 * noise / 10
    syllables = 0.5 - 0.5 * np.cos(2 * np.pi * 4 * np.arange(n_samples) / rate_hz)
    return Audio((0.08 * noise * syllables).astype(np.float32), rate_hz)
