"""Blocks of one size for libraries that are not exact at other cuts, whatever sizes come in."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from vocolab.block_buffers import Waiting
from vocolab.effects import Block


class EvenBlocks:
    """Gathers what comes in, hands it on in blocks of `size` samples, and gives out as much as came in.

    That makes it `size - 1` samples late, and later by what `work` holds back: `withheld_samples` is how many samples
    less than it was given `work` gives in all.
    """

    def __init__(self, work: Callable[[Block], Block], size: int, channels: int, withheld_samples: int = 0) -> None:
        self._work = work
        self.latency_samples = size - 1 + withheld_samples
        self._waiting = Waiting(channels, size)
        self._ready = np.zeros((channels, self.latency_samples), np.float32)

    def process(self, block: Block) -> Block:
        """The next block, late."""
        parts = [self._work(np.ascontiguousarray(full)) for full in self._waiting.windows(block)]
        ready = np.concatenate([self._ready, *parts], axis=1)
        self._ready = ready[:, block.shape[1] :].copy()
        return ready[:, : block.shape[1]]
