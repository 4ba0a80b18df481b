"""De-breath: breaths turned down by a stated amount, and never cut."""

from __future__ import annotations

import numpy as np

from vocolab.deeds import Deed
from vocolab.effects import Block, BlockEffect, BlockProcessor
from vocolab_restoration.breaths import BreathFinder
from vocolab_restoration.event_log import EventLog, events_in
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
        softening = _Softening(finder, section_samples(finder), self.options, EventLog(sample_rate))
        return SectionProcessor(channels, softening.section, finder.margin, finder.margin, softening.make,
                                softening.told)


def section_samples(finder: BreathFinder) -> int:
    """How many samples are looked through at once."""
    return _SECTION_HOPS * finder.hop


class _Softening:
    """What is done to one section after the other."""

    def __init__(self, finder: BreathFinder, section: int, options: DeBreathOptions, log: EventLog) -> None:
        self._finder, self.section, self._options, self._log = finder, section, options, log
        self._share = 1 - 10 ** (-options.reduction_db / 20)
        self._middle = slice(finder.margin, finder.margin + section)

    def make(self, window: Block, first: int) -> Block:
        """The middle of a window, its breaths turned down."""
        middle = window[:, self._middle]
        breaths = self._finder.find(window.astype(np.float64)) if window.any() else []
        if not breaths:
            return middle
        hop, margin = self._finder.hop, self._finder.margin
        spans = [(breath.start_hop * hop, breath.stop_hop * hop) for breath in breaths]
        amount = faded(window.shape[1], spans, _FADE_HOPS * hop)[self._middle]
        made: Block = np.where(amount == 0, middle, middle * (1 - self._share * amount)).astype(np.float32)
        self._log.add(events_in([(start - margin, stop - margin) for start, stop in spans], first, middle,
                                middle + self._options.mix * (made - middle)))
        return made

    def told(self) -> list[Deed]:
        """How many breaths there were, and where."""
        count, change_db = self._log.count, self._log.change_db
        if not count:
            return [Deed(sentence="no breaths found in the pauses", figures={"breaths": 0}, is_idle=True)]
        level = "" if change_db is None else f": {change_db:+.1f} dB"
        return [Deed(sentence=f"{count} breath{'s' if count > 1 else ''} turned down{level}",
                     figures={"breaths": count, "change_db": change_db}, spans=self._log.spans, n_spans=count)]
