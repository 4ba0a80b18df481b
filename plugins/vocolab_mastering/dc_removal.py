"""DC removal: the mean goes, and nothing that can be heard."""

from __future__ import annotations

import numpy as np
from scipy.signal import butter

from vocolab.effects import BlockEffect, BlockProcessor
from vocolab_mastering.options_tone import DcRemovalOptions
from vocolab_mastering.sections import SettledSections


class DcRemoval(BlockEffect[DcRemovalOptions]):
    """A high-pass of one pole: 3 dB down at `cutoff_hz`, under 0.1 dB from 20 Hz on, no latency.

    It begins settled on the offset of the first 50 ms: one that is there from the first sample on makes no thump. An
    offset that comes later is down by 100 dB after 1.9 s / `cutoff_hz`.
    """

    name = "dc-removal"

    def open(self, sample_rate: int, channels: int) -> BlockProcessor:
        """A filter for one stream."""
        section = butter(1, self.options.cutoff_hz, btype="highpass", fs=sample_rate, output="sos")
        return SettledSections(np.asarray(section), channels, sample_rate)
