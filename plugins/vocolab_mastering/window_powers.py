"""Power of a signal, window by window, however it is cut."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vocolab.effects import Block


class WindowPowers:
    """Mean squares of windows of `length` samples, one after the other from the first sample on."""

    def __init__(self, length: int, channels: int) -> None:
        self._length = length
        self._rest = np.zeros((channels, 0), np.float32)

    def add(self, block: Block) -> NDArray[np.float64]:
        """(channels, windows) of the windows that this block completes."""
        joined = np.concatenate([self._rest, block], axis=1)
        n_windows = joined.shape[1] // self._length
        self._rest = joined[:, n_windows * self._length :].copy()
        return self._powers(joined[:, : n_windows * self._length])

    def last(self) -> NDArray[np.float64]:
        """(channels, 1) of the window that the end has cut short, (channels, 0) if it ends with a whole one."""
        if not self._rest.size:
            return np.zeros((len(self._rest), 0))
        return np.asarray(np.mean(np.square(self._rest, dtype=np.float64), axis=1, keepdims=True))

    def _powers(self, whole: Block) -> NDArray[np.float64]:
        windows = whole.reshape(len(whole), -1, self._length)
        return np.asarray(np.mean(np.square(windows, dtype=np.float64), axis=2))
