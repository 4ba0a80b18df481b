"""A small corpus of voiced sounds, made here: harmonics that glide under a slow envelope, over a little noise."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from vocolab.audio import Audio

RATE_HZ = 22_050


def voiced(seconds: float, seed: int, sample_rate: int = RATE_HZ) -> Audio:
    random = np.random.default_rng(seed)
    time_s = np.arange(round(seconds * sample_rate)) / sample_rate
    pitch_hz = 160 + 40 * np.sin(2 * np.pi * random.uniform(0.3, 0.8) * time_s + random.uniform(0, 6))
    phase = 2 * np.pi * np.cumsum(pitch_hz) / sample_rate
    harmonics = sum(np.sin(k * phase) / k for k in range(1, 25))
    envelope = 0.6 + 0.4 * np.sin(2 * np.pi * 3 * time_s)
    samples = 0.08 * envelope * harmonics + 0.001 * random.standard_normal(time_s.size)
    return Audio.mono(samples.astype(np.float32), sample_rate)


def write_corpus(folder: Path, *, clips: int = 3, seconds: float = 1.2) -> Path:
    (folder / "wav").mkdir(parents=True)
    names = [f"clip{index}" for index in range(clips)]
    for index, name in enumerate(names):
        voiced(seconds, index).save(folder / "wav" / f"{name}.wav", bit_depth=16)
    (folder / "metadata.csv").write_text("".join(f"{name}|something|{seconds}\n" for name in names))
    (folder / "validation.txt").write_text(names[-1] + "\n")
    return folder
