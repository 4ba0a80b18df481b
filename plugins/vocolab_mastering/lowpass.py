"""Low-pass: everything over the cutoff goes."""

from __future__ import annotations

from vocolab.effects import BlockEffect, BlockProcessor
from vocolab_mastering.butterworth import butterworth_sections
from vocolab_mastering.options_tone import LowpassOptions
from vocolab_mastering.sections import Sections


class Lowpass(BlockEffect[LowpassOptions]):
    """Butterworth low-pass: 3 dB down at the cutoff, flat below, minimum phase, no latency.

    At a cutoff of half the rate or more there is nothing to remove, and no bit changes.
    """

    name = "lowpass"

    def open(self, sample_rate: int, channels: int) -> BlockProcessor:
        """A filter for one stream."""
        options = self.options
        sections = butterworth_sections("lowpass", options.cutoff_hz, options.slope_db_per_octave, sample_rate)
        return Sections(sections, channels)
