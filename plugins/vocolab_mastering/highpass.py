"""High-pass: everything under the cutoff goes."""

from __future__ import annotations

from vocolab.effects import BlockEffect, BlockProcessor
from vocolab_mastering.butterworth import butterworth_sections
from vocolab_mastering.options import HighpassOptions
from vocolab_mastering.sections import SettledSections


class Highpass(BlockEffect[HighpassOptions]):
    """Butterworth high-pass: 3 dB down at the cutoff, flat above, minimum phase, no latency.

    It begins settled on the offset of the first 50 ms, so that an offset makes no thump.
    """

    name = "highpass"

    def open(self, sample_rate: int, channels: int) -> BlockProcessor:
        """A filter for one stream.

        Raises:
            OptionError: if the cutoff is not under half the rate.
        """
        options = self.options
        sections = butterworth_sections("highpass", options.cutoff_hz, options.slope_db_per_octave, sample_rate)
        return SettledSections(sections, channels, sample_rate)
