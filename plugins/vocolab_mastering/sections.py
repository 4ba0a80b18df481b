"""Second-order sections over a stream."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.signal import sosfilt_zi

from vocolab.effects import Block
from vocolab.section_filters import SectionBank

_SETTLING_S = 0.05
"""The mean of so many seconds is taken for the offset: a whole period of the lowest tone that is heard."""


class Sections:
    """A cascade of second-order sections (sections, 6) with its state; no latency."""

    latency_samples = 0

    def __init__(self, sections: NDArray[np.float64], channels: int) -> None:
        self._sections = sections
        self._bank = SectionBank([sections], channels, "float32")

    def process(self, block: Block) -> Block:
        """The filtered block; without sections, the block itself."""
        if not len(self._sections):
            return block
        return np.asarray(self._bank.process(block)[0])


class SettledSections(Sections):
    """Sections that begin as if the offset of the first samples had always been there: no thump where they block it."""

    def __init__(self, sections: NDArray[np.float64], channels: int, sample_rate: int) -> None:
        super().__init__(sections, channels)
        self.settling_samples = max(1, round(_SETTLING_S * sample_rate))

    def settle(self, first: Block) -> None:
        """Take the steady state for the mean of each channel."""
        offsets = first.mean(axis=1, dtype=np.float64)
        self._bank.state[0] = sosfilt_zi(self._sections)[:, None, :] * offsets[None, :, None]
