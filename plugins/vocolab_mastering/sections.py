"""Second-order sections over a stream."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.signal import sosfilt

from vocolab.effects import Block


class Sections:
    """A cascade of second-order sections (sections, 6) with its state; no latency.

    It works in float64: a high-pass at 20 Hz and 192 kHz has poles that float32 can't tell from 1.
    """

    latency_samples = 0

    def __init__(self, sections: NDArray[np.float64], channels: int) -> None:
        self._sections = sections
        self._state = np.zeros((len(sections), channels, 2))

    def process(self, block: Block) -> Block:
        """The filtered block; without sections, the block itself."""
        if not len(self._sections):
            return block
        filtered, self._state = sosfilt(self._sections, block.astype(np.float64), zi=self._state)
        return np.asarray(filtered, dtype=np.float32)
