"""Speech stand-ins: made here, so that no recording is needed."""

from __future__ import annotations

import numpy as np
from scipy.signal import butter, sosfilt

from vocolab.audio import Audio


def speech_like(
    seconds: float, rate: int, *, level_lufs_about: float = -28.0, channels: int = 1, seed: int = 0
) -> Audio:
    """A gliding voice and bursts of hiss, in syllables with pauses: crest factor and gaps as speech has them."""
    rng = np.random.default_rng(seed)
    n_samples = round(seconds * rate)
    time = np.arange(n_samples) / rate
    pitch_hz = 120 * 2 ** (0.3 * np.sin(2 * np.pi * 0.4 * time))
    phase = 2 * np.pi * np.cumsum(pitch_hz) / rate
    n_harmonics = int(min(40, 0.4 * rate / 150))
    voice = sum(np.sin(k * phase + k) / k**1.2 for k in range(1, n_harmonics + 1))
    hiss = sosfilt(butter(2, min(4000, 0.3 * rate), "highpass", fs=rate, output="sos"), rng.standard_normal(n_samples))
    syllables = np.clip(np.sin(2 * np.pi * 3.1 * time + 1), 0, None) ** 2 * (np.sin(2 * np.pi * 0.27 * time) > -0.8)
    consonants = np.clip(np.sin(2 * np.pi * 1.7 * time), 0, None) ** 8
    word = (3 * time).astype(int)
    loudness = 10 ** (rng.uniform(-6, 3, int(3 * seconds) + 1)[word] / 20)
    mono = loudness * (syllables * voice + 0.3 * consonants * hiss) + 1e-4 * rng.standard_normal(n_samples)
    mono *= 10 ** ((level_lufs_about + 3) / 20) / max(np.sqrt(np.mean(mono**2)), 1e-9)
    return Audio(np.stack([mono * 0.8**index for index in range(channels)]), rate)
