"""What one detector, or all that are installed, find in samples that tests make."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

import vocolab
from vocolab.audio import Audio
from vocolab.catalog import Catalog
from vocolab.findings import Finding

Samples = NDArray[np.floating[Any]]


@cache
def catalog() -> Catalog:
    return Catalog.installed()


def heard(name: str, samples: Samples, sample_rate: int) -> list[Finding]:
    """What the detector of that name finds in (channels, n) or (n,) samples, in blocks of a third of a second."""
    block = np.atleast_2d(samples).astype(np.float32)
    detector = catalog().detectors.create(name, sample_rate, len(block))
    for start in range(0, block.shape[1], max(1, sample_rate // 3)):
        detector.accept(block[:, start : start + sample_rate // 3])
    return list(detector.findings())


def only(name: str, samples: Samples, sample_rate: int) -> Finding:
    (found,) = heard(name, samples, sample_rate)
    return found


def faults(samples: Samples, sample_rate: int) -> list[str]:
    """What all detectors find wrong."""
    audio = Audio(np.atleast_2d(samples).astype(np.float32), sample_rate)
    return [found.fault for found in vocolab.diagnose(audio).faults]


def noise(seconds: float, sample_rate: int, level: float = 0.1, seed: int = 0) -> Samples:
    return np.random.default_rng(seed).standard_normal(round(seconds * sample_rate)) * level


def words(seconds: float, sample_rate: int, level_db: float = -26.0, seed: int = 0) -> Samples:
    """Something with the ups and downs of speech: notes with harmonics of a fifth of a second, and pauses of a half.

    For what listens to levels alone; it is no speech.
    """
    rng = np.random.default_rng(seed)
    time_s = np.arange(round(seconds * sample_rate)) / sample_rate
    pitch_hz = 120 + 20 * np.sin(2 * np.pi * 0.3 * time_s)
    phase = 2 * np.pi * np.cumsum(pitch_hz) / sample_rate
    voice = sum(np.sin(number * phase) / number for number in range(1, 12))
    syllables = np.abs(np.sin(np.pi * time_s / 0.2)) * (time_s % 2.5 < 2.0)
    made = voice * syllables + 1e-3 * rng.standard_normal(len(time_s))
    return made * 10 ** (level_db / 20) / np.sqrt(np.mean(np.square(made)))
