"""De-click: clicks of mouths and of records out, and in their place what belongs there."""

from __future__ import annotations

import numpy as np

from vocolab.deeds import Deed
from vocolab.effects import Block, BlockEffect, BlockProcessor
from vocolab_restoration.clicks import Click, ClickFinder
from vocolab_restoration.event_log import Event, EventLog, events_in
from vocolab_restoration.options_events import DeClickOptions
from vocolab_restoration.prediction import interpolate
from vocolab_restoration.sections import SectionProcessor

_SECTION_HOPS = 64
"""About a quarter of a second."""


class DeClick(BlockEffect[DeClickOptions]):
    """Clicks of up to `longest_ms` are found by linear prediction, and what was there interpolated.

    Each channel is looked at by itself. Where no click is found no bit changes. It hears about 0.3 s ahead, which is
    its latency.
    """

    name = "de-click"

    def open(self, sample_rate: int, channels: int) -> BlockProcessor:
        """A processor for one stream."""
        finder = ClickFinder(sample_rate, self.options.threshold, self.options.longest_ms)
        mending = _Mending(finder, section_samples(finder), self.options, EventLog(sample_rate))
        return SectionProcessor(channels, mending.section, finder.margin, finder.margin, mending.make, mending.told)


def section_samples(finder: ClickFinder) -> int:
    """How many samples are looked through at once."""
    return _SECTION_HOPS * finder.grid.hop


class _Mending:
    """What is done to one section after the other."""

    def __init__(self, finder: ClickFinder, section: int, options: DeClickOptions, log: EventLog) -> None:
        self._finder, self.section, self._options, self._log = finder, section, options, log

    def make(self, window: Block, first: int) -> Block:
        """The middle of a window, without its clicks."""
        made, events = [], list[Event]()
        for channel in window:
            mended, clicks = _mended(self._finder, channel, self.section)
            made.append(mended)
            middle = channel[self._finder.margin :][: self.section]
            spans = [(click.start - self._finder.margin, click.stop - self._finder.margin) for click in clicks]
            events += events_in(spans, first, middle, middle + self._options.mix * (mended - middle))
        self._log.add(events)
        return np.stack(made)

    def told(self) -> list[Deed]:
        """How many clicks there were, and where."""
        count, change_db = self._log.count, self._log.change_db
        if not count:
            return [Deed(sentence=f"no clicks found (none stands {self._options.threshold:g} times over what cannot be "
                                  "predicted around it)", figures={"clicks": 0}, is_idle=True)]
        level = "" if change_db is None else f", the level in them {change_db:+.1f} dB"
        return [Deed(sentence=f"{count} click{'s' if count > 1 else ''} taken out{level}",
                     figures={"clicks": count, "change_db": change_db}, spans=self._log.spans, n_spans=count)]


def _mended(finder: ClickFinder, window: Block, section: int) -> tuple[Block, list[Click]]:
    """The middle `section` samples without their clicks, and the clicks of the window."""
    clicks = finder.find(window.astype(np.float64)) if window.any() else []
    if not clicks:
        return window[finder.margin : finder.margin + section], clicks
    mended = window.astype(np.float64)
    for click in clicks:
        mended[click.start : click.stop] = interpolate(mended, click.start, click.stop, click.model)
    made = window.copy()
    for click in clicks:
        made[click.start : click.stop] = mended[click.start : click.stop]
    return made[finder.margin : finder.margin + section], clicks
