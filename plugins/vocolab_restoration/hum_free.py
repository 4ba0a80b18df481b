"""The noise of a recording without its mains hum, which lies still as noise does and is none.

Hum is under 1.2 kHz. There the half octaves of a recording that hums are measured with its lines subtracted, as by
`de-hum`; those above are measured as they are.
"""

from __future__ import annotations

import numpy as np

from vocolab.effects import Block
from vocolab_restoration.hum_reading import Chunk, HumReader
from vocolab_restoration.hum_search import RATE_HZ
from vocolab_restoration.quiet_spectra import NoiseReader, QuietSpectra


class HumFreeReader:
    """Takes a recording block by block.

    Args:
        sample_rate: In Hz.
        channels: How many there are.
    """

    def __init__(self, sample_rate: int, channels: int) -> None:
        self._all = NoiseReader(sample_rate, channels)
        self._hums = HumReader(sample_rate, channels)
        self._lows = NoiseReader(RATE_HZ, channels)
        self._has_hum = False

    def accept(self, block: Block) -> None:
        """The next (channels, n)."""
        self._all.accept(block)
        for chunk in self._hums.chunks(block):
            self._take(chunk)

    def finish(self) -> QuietSpectra:
        """The recording has ended: its quiet moments."""
        for chunk in self._hums.last_chunks():
            self._take(chunk)
        quiet = self._all.quiet
        if self._has_hum:
            quiet.take_lows(self._lows.quiet)
        return quiet

    def _take(self, chunk: Chunk) -> None:
        self._has_hum |= chunk.hum is not None
        self._lows.accept(np.ascontiguousarray(chunk.without_hum))
