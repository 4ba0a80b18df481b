"""De-breath: breaths turned down by a stated amount, and never cut."""

from __future__ import annotations

import numpy as np

from vocolab.effects import Block, BlockEffect, BlockProcessor
from vocolab_restoration.breaths import BreathFinder
from vocolab_restoration.fades import faded
from vocolab_restoration.options_events import DeBreathOptions
from vocolab_restoration.sections import SectionProcessor

_SECTION_HOPS = 300
_FADE_HOPS = 1


class DeBreath(BlockEffect[DeBreathOptions]):
    """Breaths `reduction_db` down, faded in and out over 10 ms; outside of them no bit changes.

    Channels share one gain. It hears 4.5 s ahead, which is its latency, and knows what is loud by the 6 s around.
    """

    name = "de-breath"

    def open(self, sample_rate: int, channels: int) -> BlockProcessor:
        """A processor for one stream."""
        finder = BreathFinder(sample_rate, self.options.under_speech_db, self.options.shortest_ms)
        share = 1 - 10 ** (-self.options.reduction_db / 20)
        section = section_samples(finder)

        def make(window: Block) -> Block:
            return _turned_down(finder, window, section, share)

        return SectionProcessor(channels, section, finder.margin, finder.margin, make)


def section_samples(finder: BreathFinder) -> int:
    """How many samples are looked through at once."""
    return _SECTION_HOPS * finder.hop


def _turned_down(finder: BreathFinder, window: Block, section: int, share: float) -> Block:
    middle = window[:, finder.margin : finder.margin + section]
    breaths = finder.find(window.astype(np.float64)) if window.any() else []
    if not breaths:
        return middle
    spans = [(breath.start_hop * finder.hop, breath.stop_hop * finder.hop) for breath in breaths]
    amount = faded(window.shape[1], spans, _FADE_HOPS * finder.hop)[finder.margin : finder.margin + section]
    return np.where(amount == 0, middle, middle * (1 - share * amount)).astype(np.float32)
