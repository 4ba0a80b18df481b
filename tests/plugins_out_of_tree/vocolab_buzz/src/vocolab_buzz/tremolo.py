"""Level that rises and falls."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vocolab import BlockEffect, BlockProcessor
from vocolab_buzz.plugin import TremoloOptions


class Tremolo(BlockEffect[TremoloOptions]):
    """The input times 1 - depth * (1 - cos(2 pi rate t)) / 2."""

    def open(self, sample_rate: int, channels: int) -> BlockProcessor:
        """A processor that begins at full level."""
        return _Swing(2 * np.pi * self.options.rate_hz / sample_rate, self.options.depth)


class _Swing:
    latency_samples = 0

    def __init__(self, radians_a_sample: float, depth: float) -> None:
        self._step, self._depth, self._position = radians_a_sample, depth, 0

    def process(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        """The next block at the level of its place in the whole."""
        places = self._position + np.arange(block.shape[1])
        self._position += block.shape[1]
        level = 1 - self._depth * (1 - np.cos(self._step * places)) / 2
        return (block * level).astype(np.float32)
