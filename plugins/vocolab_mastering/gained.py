"""A signal at another level, without a copy of it."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from vocolab.signals import BLOCK_SAMPLES, DerivedSignal, Signal


class Gained(DerivedSignal):
    """`signal` times a linear gain."""

    def __init__(self, signal: Signal, gain: float) -> None:
        super().__init__(signal)
        self._gain = np.float32(gain)

    def blocks(self, block_samples: int = BLOCK_SAMPLES) -> Iterator[NDArray[np.float32]]:
        """The signal's blocks, each times the gain."""
        for block in self.source.blocks(block_samples):
            yield self._gain * block


def decibels(gain: float) -> float:
    """The dB of a linear gain over 0."""
    return 20 * math.log10(gain)


def linear(gain_db: float) -> float:
    """The factor of a gain in dB."""
    return float(10 ** (gain_db / 20))
