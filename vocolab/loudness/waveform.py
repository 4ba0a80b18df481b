"""A waveform in as many columns as a picture has."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

MOST_COLUMNS = 2000


class Waveform:
    """How far a stream reaches under and over 0, over all channels, in each of at most 2000 equal stretches.

    Args:
        n_samples: How long the stream will be.
    """

    def __init__(self, n_samples: int) -> None:
        self._n_samples = n_samples
        self._position = 0
        n_columns = min(n_samples, MOST_COLUMNS)
        self.low = np.zeros(n_columns, np.float32)
        self.high = np.zeros(n_columns, np.float32)

    def add(self, block: NDArray[np.float32]) -> None:
        """Take the next (channels, n) samples, n at least 1."""
        index = np.arange(self._position, self._position + block.shape[1])
        column = index * len(self.low) // self._n_samples
        starts = np.flatnonzero(np.diff(column, prepend=-1))
        at = column[starts]
        self.low[at] = np.minimum(self.low[at], np.minimum.reduceat(block.min(axis=0), starts))
        self.high[at] = np.maximum(self.high[at], np.maximum.reduceat(block.max(axis=0), starts))
        self._position += block.shape[1]
