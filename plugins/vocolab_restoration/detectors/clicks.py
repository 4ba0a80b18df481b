"""Clicks: how many in a minute, and where."""

from __future__ import annotations

from collections.abc import Iterable

from vocolab.effects import Block
from vocolab.findings import Finding, Remedy
from vocolab.options import Options
from vocolab_restoration.clicks import ClickFinder
from vocolab_restoration.declick import section_samples
from vocolab_restoration.detectors.counting import is_often, marks_of, per_minute
from vocolab_restoration.events import Event, EventReader
from vocolab_restoration.options_events import DeClickOptions

_CLEAR = 13.0
"""The threshold at which the preset restore-speech mends, too. Softer clicks are mended where there are clear ones."""
_FEWEST = 3
_FAULT_PER_MINUTE = 6.0
_APART_S = 0.002


class ClickDetector:
    """Clicks that are clearly no speech; where there are many, `de-click` finds the softer ones as well."""

    def __init__(self, options: Options, sample_rate: int, channels: int) -> None:
        settings = DeClickOptions()
        self._rate, self._softer = sample_rate, settings.threshold
        self._finder = ClickFinder(sample_rate, _CLEAR, settings.longest_ms)
        self._reader = EventReader(
            channels, section_samples(self._finder), self._finder.margin, round(_APART_S * sample_rate), self._look
        )

    def accept(self, block: Block) -> None:
        """The next samples (channels, n)."""
        self._reader.accept(block)

    def findings(self) -> Iterable[Finding]:
        """One finding: how many clicks there are, and how many in a minute."""
        self._reader.finish()
        if not self._reader.n_samples:
            return
        seconds = self._reader.n_samples / self._rate
        count, rate = self._reader.count, per_minute(self._reader.count, seconds)
        is_fault = is_often(count, seconds, _FAULT_PER_MINUTE, _FEWEST)
        yield Finding(
            fault="clicks",
            is_fault=is_fault,
            sentence=f"{rate:.3g} clicks per minute" if count else "no clicks",
            figures={"clicks": count, "clicks_per_minute": round(rate, 2)},
            marks=marks_of(self._reader.events, self._rate),
            remedies=(Remedy("de-click", {"threshold": self._softer}),) if is_fault else (),
        )

    def _look(self, window: Block) -> Iterable[Event]:
        for samples in window:
            if samples.any():
                for click in self._finder.find(samples.astype(float)):
                    yield Event(click.start, click.stop, click.score)
