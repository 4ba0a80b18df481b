"""De-plosive: the thumps of p and b turned down under 100 Hz, where they are and nowhere else."""

from __future__ import annotations

import numpy as np

from vocolab.effects import Block, BlockEffect, BlockProcessor
from vocolab_restoration.fades import faded
from vocolab_restoration.options_events import DePlosiveOptions
from vocolab_restoration.sections import SectionProcessor
from vocolab_restoration.thumps import ThumpFinder

_SECTION_HOPS = 50
_FADE_HOPS = 2


class DePlosive(BlockEffect[DePlosiveOptions]):
    """While a thump lasts, what is under 100 Hz is `reduction_db` down; faded in and out over 20 ms.

    Each channel is looked at by itself. Outside of thumps no bit changes, and inside of them nothing over 120 Hz. It
    hears 1.3 s ahead, which is its latency.
    """

    name = "de-plosive"

    def open(self, sample_rate: int, channels: int) -> BlockProcessor:
        """A processor for one stream."""
        finder = ThumpFinder(sample_rate, self.options.rise_db, self.options.longest_ms)
        share = 1 - 10 ** (-self.options.reduction_db / 20)
        section = section_samples(finder)

        def make(window: Block) -> Block:
            return np.stack([_mended(finder, channel, section, share) for channel in window])

        return SectionProcessor(channels, section, finder.margin, finder.margin, make)


def section_samples(finder: ThumpFinder) -> int:
    """How many samples are looked through at once."""
    return _SECTION_HOPS * finder.hop


def _mended(finder: ThumpFinder, window: Block, section: int, share: float) -> Block:
    middle = window[finder.margin : finder.margin + section]
    if not window.any():
        return middle
    thumps, low = finder.find(window.astype(np.float64))
    if not thumps:
        return middle
    spans = [(thump.start_hop * finder.hop, thump.stop_hop * finder.hop) for thump in thumps]
    amount = faded(len(window), spans, _FADE_HOPS * finder.hop)
    taken = (share * amount * low)[finder.margin : finder.margin + section]
    return np.where(taken == 0, middle, middle - taken).astype(np.float32)

