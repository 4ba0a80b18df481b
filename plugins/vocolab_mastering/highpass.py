"""High-pass: everything under the cutoff goes."""

from __future__ import annotations

import numpy as np
from scipy.signal import butter

from vocolab.effects import BlockEffect, BlockProcessor
from vocolab.errors import OptionError
from vocolab_mastering.options import HighpassOptions
from vocolab_mastering.sections import Sections

_DB_PER_OCTAVE_AND_ORDER = 6


class Highpass(BlockEffect[HighpassOptions]):
    """Butterworth high-pass: 3 dB down at the cutoff, flat above, minimum phase, no latency."""

    name = "highpass"

    def open(self, sample_rate: int, channels: int) -> BlockProcessor:
        """A filter for one stream.

        Raises:
            OptionError: if the cutoff is not under half the rate.
        """
        cutoff = self.options.cutoff_hz
        if cutoff >= sample_rate / 2:
            raise OptionError(
                f"highpass: cutoff_hz = {cutoff:g} is not under half the rate of {sample_rate} Hz; lower cutoff_hz"
            )
        order = self.options.slope_db_per_octave // _DB_PER_OCTAVE_AND_ORDER
        sections = butter(order, cutoff, btype="highpass", fs=sample_rate, output="sos")
        return Sections(np.asarray(sections), channels)
