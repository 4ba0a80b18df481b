"""Plosives: how many thumps of p and b in a minute, and where."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from vocolab.effects import Block
from vocolab.findings import Finding, Remedy
from vocolab.options import Options
from vocolab_restoration.deplosive import section_samples
from vocolab_restoration.detectors.counting import is_often, marks_of, per_minute
from vocolab_restoration.events import Event, EventReader
from vocolab_restoration.options_events import DePlosiveOptions
from vocolab_restoration.speech_level import SpeechLevel
from vocolab_restoration.thumps import ThumpFinder

_FAULT_PER_MINUTE = 2.0
_LOUD_UNDER_SPEECH_DB = 8.0
"""Thumps that are further under the speech are hardly heard, and count for no fault."""
_APART_S = 0.05
_TOP_HZ = 100.0
_WANTED_UNDER_SPEECH_DB = 24.0
"""Where a thump is hardly heard."""


class PlosiveDetector:
    """The thumps that `de-plosive` would turn down."""

    def __init__(self, options: Options, sample_rate: int, channels: int) -> None:
        settings = DePlosiveOptions()
        self._rate = sample_rate
        self._speech = SpeechLevel(sample_rate)
        self._finder = ThumpFinder(sample_rate, settings.rise_db, settings.longest_ms)
        self._reader = EventReader(
            channels, section_samples(self._finder), self._finder.margin, round(_APART_S * sample_rate), self._look
        )

    def accept(self, block: Block) -> None:
        """The next samples (channels, n)."""
        self._speech.accept(block)
        self._reader.accept(block)

    def findings(self) -> Iterable[Finding]:
        """One finding: how many thumps there are, how many in a minute, and how loud they are against the speech."""
        self._reader.finish()
        speech_dbfs = self._speech.dbfs
        if speech_dbfs is None:
            return
        seconds = self._reader.n_samples / self._rate
        count, rate = self._reader.count, per_minute(self._reader.count, seconds)
        if not count:
            yield Finding(fault="plosives", is_fault=False, sentence="no thumps of p and b",
                          figures={"plosives": 0, "plosives_per_minute": 0.0})
            return
        over_db = float(np.median([event.level for event in self._reader.events])) - speech_dbfs
        loud = sum(event.level >= speech_dbfs - _LOUD_UNDER_SPEECH_DB for event in self._reader.events)
        is_fault = is_often(loud, seconds, _FAULT_PER_MINUTE)
        settings = {"reduction_db": float(np.clip(round(over_db + _WANTED_UNDER_SPEECH_DB), 12, 36))}
        yield Finding(
            fault="plosives",
            is_fault=is_fault,
            sentence=f"{rate:.3g} thumps of p and b per minute, {abs(over_db):.0f} dB "
                     f"{'over' if over_db > 0 else 'under'} the speech",
            figures={"plosives": count, "loud_plosives": loud, "plosives_per_minute": round(rate, 2),
                     "plosives_over_speech_db": round(over_db, 1)},
            marks=marks_of(self._reader.events, self._rate, 0.0, _TOP_HZ),
            remedies=(Remedy("de-plosive", settings),) if is_fault else (),
        )

    def _look(self, window: Block) -> Iterable[Event]:
        hop = self._finder.hop
        for samples in window:
            if samples.any():
                for thump in self._finder.find(samples.astype(float))[0]:
                    yield Event(thump.start_hop * hop, thump.stop_hop * hop, thump.level_db)
