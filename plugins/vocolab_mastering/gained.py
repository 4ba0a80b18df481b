"""A signal at another level, without a copy of it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from vocolab.audio import BLOCK_SAMPLES
from vocolab.interfaces import Signal


class Gained:
    """`signal` times a linear gain."""

    def __init__(self, signal: Signal, gain: float) -> None:
        self._signal = signal
        self._gain = np.float32(gain)
        self.sample_rate = signal.sample_rate
        self.channels = signal.channels
        self.n_samples = signal.n_samples

    def blocks(self, block_samples: int = BLOCK_SAMPLES) -> Iterator[NDArray[np.float32]]:
        """The signal's blocks, each times the gain."""
        for block in self._signal.blocks(block_samples):
            yield self._gain * block


def linear(gain_db: float) -> float:
    """The factor of a gain in dB."""
    return float(10 ** (gain_db / 20))
