"""What a stream keeps from one block to the next: samples that wait for more, and samples that have passed.

Both work along the last axis.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


class Waiting:
    """Samples that wait until there are enough of them for whole windows.

    Args:
        rows: How many channels there are.
        size: Samples in a window.
        hop: Samples from the beginning of a window to that of the next, at most `size`; None: `size`.
    """

    def __init__(self, rows: int, size: int, hop: int | None = None) -> None:
        self._size, self._hop = size, hop or size
        self.samples: NDArray[Any] = np.zeros((rows, 0), np.float32)
        """(rows, n) from where the next window begins."""

    def windows(self, block: NDArray[Any]) -> list[NDArray[Any]]:
        """The windows (rows, size) that are full with the next block (rows, n)."""
        joined = np.concatenate([self.samples, block], axis=-1)
        starts = range(0, joined.shape[-1] - self._size + 1, self._hop)
        self.samples = joined[:, len(starts) * self._hop :].copy()
        return [joined[:, start : start + self._size] for start in starts]


class Past:
    """The last samples of a stream, which the next block is seen after; zeros before the stream begins.

    Args:
        n_samples: How many are kept.
        rows: How many channels there are; None for a curve, which has one axis and is float64.
    """

    def __init__(self, n_samples: int, rows: int | None = None) -> None:
        self._samples: NDArray[Any] = (
            np.zeros(n_samples) if rows is None else np.zeros((rows, n_samples), np.float32)
        )

    def before(self, block: NDArray[Any]) -> NDArray[Any]:
        """The kept samples and `block` after them, (..., kept + n); the last of these are kept for the next call."""
        joined = np.concatenate([self._samples, block], axis=-1)
        self._samples = joined[..., joined.shape[-1] - self._samples.shape[-1] :].copy()
        return joined
