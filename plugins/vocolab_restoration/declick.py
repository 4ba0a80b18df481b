"""De-click: clicks of mouths and of records out, and in their place what belongs there."""

from __future__ import annotations

import numpy as np

from vocolab.effects import Block, BlockEffect, BlockProcessor
from vocolab_restoration.clicks import ClickFinder
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
        section = section_samples(finder)

        def make(window: Block) -> Block:
            return np.stack([_mended(finder, channel, section) for channel in window])

        return SectionProcessor(channels, section, finder.margin, finder.margin, make)


def section_samples(finder: ClickFinder) -> int:
    """How many samples are looked through at once."""
    return _SECTION_HOPS * finder.grid.hop


def _mended(finder: ClickFinder, window: Block, section: int) -> Block:
    """The middle `section` samples without their clicks."""
    clicks = finder.find(window.astype(np.float64)) if window.any() else []
    if not clicks:
        return window[finder.margin : finder.margin + section]
    mended = window.astype(np.float64)
    for click in clicks:
        mended[click.start : click.stop] = interpolate(mended, click.start, click.stop, click.model)
    made = window.copy()
    for click in clicks:
        made[click.start : click.stop] = mended[click.start : click.stop]
    return made[finder.margin : finder.margin + section]
