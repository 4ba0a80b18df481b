"""De-plosive: the thumps of p and b turned down under 100 Hz, where they are and nowhere else."""

from __future__ import annotations

import numpy as np

from vocolab.deeds import Deed
from vocolab.effects import Block, BlockEffect, BlockProcessor
from vocolab_restoration.event_log import Event, EventLog, events_in
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
        mending = _Mending(finder, section_samples(finder), self.options, EventLog(sample_rate))
        return SectionProcessor(channels, mending.section, finder.margin, finder.margin, mending.make, mending.told)


def section_samples(finder: ThumpFinder) -> int:
    """How many samples are looked through at once."""
    return _SECTION_HOPS * finder.hop


class _Mending:
    """What is done to one section after the other."""

    def __init__(self, finder: ThumpFinder, section: int, options: DePlosiveOptions, log: EventLog) -> None:
        self._finder, self.section, self._options, self._log = finder, section, options, log
        self._share = 1 - 10 ** (-options.reduction_db / 20)
        self._middle = slice(finder.margin, finder.margin + section)

    def make(self, window: Block, first: int) -> Block:
        """The middle of a window, its thumps turned down."""
        events: list[Event] = []
        made = np.stack([self._mended(channel, first, events) for channel in window])
        self._log.add(events)
        return made

    def _mended(self, window: Block, first: int, events: list[Event]) -> Block:
        middle = window[self._middle]
        if not window.any():
            return middle
        thumps, low = self._finder.find(window.astype(np.float64))
        if not thumps:
            return middle
        hop, margin = self._finder.hop, self._finder.margin
        spans = [(thump.start_hop * hop, thump.stop_hop * hop) for thump in thumps]
        taken = self._share * faded(len(window), spans, _FADE_HOPS * hop) * low
        left = self._finder.low(window - self._options.mix * taken)
        events += events_in([(start - margin, stop - margin) for start, stop in spans], first, low[self._middle],
                            left[self._middle])
        taken = taken[self._middle]
        return np.where(taken == 0, middle, middle - taken).astype(np.float32)

    def told(self) -> list[Deed]:
        """How many thumps there were, and where."""
        count, change_db = self._log.count, self._log.change_db
        if not count:
            return [Deed(sentence=f"no thumps found (nothing under 55 Hz rises {self._options.rise_db:g} dB over what "
                                  "is usual there)", figures={"thumps": 0}, is_idle=True)]
        level = "" if change_db is None else f": {change_db:+.1f} dB under 100 Hz"
        return [Deed(sentence=f"{count} thump{'s' if count > 1 else ''} turned down{level}",
                     figures={"thumps": count, "change_db": change_db}, spans=self._log.spans, n_spans=count)]
