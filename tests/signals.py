"""Signals that tests of several parts walk through."""

from __future__ import annotations

import numpy as np

from vocolab.audio import Audio
from vocolab.signals import DerivedSignal


class Cut(DerivedSignal):
    """A signal that comes in blocks of the sizes given, over and over."""

    def __init__(self, audio: Audio, sizes: list[int]) -> None:
        super().__init__(audio)
        self._audio, self._sizes = audio, sizes

    def blocks(self, block_samples: int = 0):
        start, index = 0, 0
        while start < self.n_samples:
            size = self._sizes[index % len(self._sizes)]
            yield self._audio.samples[:, start : start + size]
            start, index = start + size, index + 1


class LongNoise:
    """Minutes of noise that are never in memory at once."""

    sample_rate = 48_000

    def __init__(self, minutes: float, *, channels: int, level: float) -> None:
        self.n_samples = round(minutes * 60 * self.sample_rate)
        self.channels, self._level = channels, np.float32(level)

    def blocks(self, block_samples: int = 65_536):
        rng = np.random.default_rng(0)
        for start in range(0, self.n_samples, block_samples):
            shape = (self.channels, min(block_samples, self.n_samples - start))
            yield self._level * rng.standard_normal(shape, dtype=np.float32)
