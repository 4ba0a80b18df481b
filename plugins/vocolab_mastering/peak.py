"""Peak: a bell, one band up or down."""

from __future__ import annotations

from vocolab.effects import BlockEffect, BlockProcessor
from vocolab_mastering.biquads import bell_sections
from vocolab_mastering.options_tone import PeakOptions
from vocolab_mastering.sections import Sections


class Peak(BlockEffect[PeakOptions]):
    """`gain_db` at `frequency_hz`; minimum phase, no latency.

    At 0 dB, and where the centre is at 0.49 of the rate or over, no bit changes.
    """

    name = "peak"

    def open(self, sample_rate: int, channels: int) -> BlockProcessor:
        """A filter for one stream."""
        options = self.options
        return Sections(bell_sections(options.frequency_hz, options.gain_db, options.q, sample_rate), channels)
