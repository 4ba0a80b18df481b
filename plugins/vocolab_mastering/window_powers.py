"""Power of a signal, window by window, however it is cut."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vocolab.block_buffers import Waiting
from vocolab.effects import Block


class WindowPowers:
    """Mean squares of windows of `length` samples, one after the other from the first sample on."""

    def __init__(self, length: int, channels: int) -> None:
        self._channels = channels
        self._waiting = Waiting(channels, length)

    def add(self, block: Block) -> NDArray[np.float64]:
        """(channels, windows) of the windows that this block completes."""
        windows = self._waiting.windows(block)
        return self._powers(np.stack(windows, axis=1)) if windows else np.zeros((self._channels, 0))

    def last(self) -> NDArray[np.float64]:
        """(channels, 1) of the window that the end has cut short, (channels, 0) if it ends with a whole one."""
        rest = self._waiting.samples
        return self._powers(rest[:, None]) if rest.size else np.zeros((self._channels, 0))

    def _powers(self, windows: Block) -> NDArray[np.float64]:
        return np.asarray(np.mean(np.square(windows, dtype=np.float64), axis=2))
