"""Breaths: how many in a minute, and how loud against the speech."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from vocolab.effects import Block
from vocolab.findings import Finding, Remedy
from vocolab.options import Options
from vocolab_restoration.breaths import BreathFinder
from vocolab_restoration.debreath import section_samples
from vocolab_restoration.detectors.counting import marks_of, per_minute
from vocolab_restoration.events import Event, EventReader
from vocolab_restoration.options_events import DeBreathOptions
from vocolab_restoration.speech_level import SpeechLevel

_LOUD_UNDER_SPEECH_DB = 24.0
"""Breaths that are further under the speech are natural."""
_FEWEST = 3
_WANTED_UNDER_SPEECH_DB = 32.0


class BreathDetector:
    """The breaths that `de-breath` would turn down. Everybody breathes: they are a fault only where they are loud."""

    def __init__(self, options: Options, sample_rate: int, channels: int) -> None:
        settings = DeBreathOptions()
        self._rate = sample_rate
        self._speech = SpeechLevel(sample_rate)
        self._finder = BreathFinder(sample_rate, settings.under_speech_db, settings.shortest_ms)
        self._reader = EventReader(channels, section_samples(self._finder), self._finder.margin, 0, self._look)

    def accept(self, block: Block) -> None:
        """The next samples (channels, n)."""
        self._speech.accept(block)
        self._reader.accept(block)

    def findings(self) -> Iterable[Finding]:
        """One finding: how many breaths there are, how many in a minute, and how far they are under the speech."""
        self._reader.finish()
        speech_dbfs = self._speech.dbfs
        if speech_dbfs is None:
            return
        count = self._reader.count
        rate = per_minute(count, self._reader.n_samples / self._rate)
        if not count:
            yield Finding(fault="breaths", is_fault=False, sentence="no breaths that stand alone",
                          figures={"breaths": 0, "breaths_per_minute": 0.0})
            return
        under_db = speech_dbfs - float(np.median([event.level for event in self._reader.events]))
        is_fault = count >= _FEWEST and under_db < _LOUD_UNDER_SPEECH_DB
        settings = {"reduction_db": float(np.clip(round(_WANTED_UNDER_SPEECH_DB - under_db), 6, 15))}
        yield Finding(
            fault="breaths",
            is_fault=is_fault,
            sentence=f"{'loud breaths' if is_fault else 'breaths'}: {rate:.3g} per minute, {under_db:.0f} dB under the "
                     "speech",
            figures={"breaths": count, "breaths_per_minute": round(rate, 2),
                     "breaths_under_speech_db": round(under_db, 1)},
            marks=marks_of(self._reader.events, self._rate),
            remedies=(Remedy("de-breath", settings),) if is_fault else (),
        )

    def _look(self, window: Block) -> Iterable[Event]:
        hop = self._finder.hop
        for breath in self._finder.find(window.astype(float)):
            yield Event(breath.start_hop * hop, breath.stop_hop * hop, breath.level_db)
