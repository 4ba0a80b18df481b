"""Shelves: all lows or all highs up or down."""

from __future__ import annotations

from vocolab.effects import BlockEffect, BlockProcessor
from vocolab_mastering.biquads import shelf_sections
from vocolab_mastering.options_tone import HighShelfOptions, LowShelfOptions
from vocolab_mastering.sections import Sections


class LowShelf(BlockEffect[LowShelfOptions]):
    """`gain_db` on everything under `frequency_hz`, half of it there; minimum phase, no latency.

    At 0 dB no bit changes. Where the step is at 0.49 of the rate or over, all of the signal is under it: plain gain.
    """

    name = "low-shelf"

    def open(self, sample_rate: int, channels: int) -> BlockProcessor:
        """A filter for one stream."""
        o = self.options
        sections = shelf_sections("low_shelf", o.frequency_hz, o.gain_db, o.q, o.slope_db_per_octave, sample_rate)
        return Sections(sections, channels)


class HighShelf(BlockEffect[HighShelfOptions]):
    """`gain_db` on everything over `frequency_hz`, half of it there; minimum phase, no latency.

    At 0 dB, and where the step is at 0.49 of the rate or over, no bit changes.
    """

    name = "high-shelf"

    def open(self, sample_rate: int, channels: int) -> BlockProcessor:
        """A filter for one stream."""
        o = self.options
        sections = shelf_sections("high_shelf", o.frequency_hz, o.gain_db, o.q, o.slope_db_per_octave, sample_rate)
        return Sections(sections, channels)
