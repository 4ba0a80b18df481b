"""Mains hum: at which frequency, with how many lines, and how far under the speech."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from vocolab.effects import Block
from vocolab.findings import Finding, Mark, Remedy
from vocolab.options import Options
from vocolab_restoration.hum_lines import Hum
from vocolab_restoration.hum_reading import HumReader
from vocolab_restoration.spans import Spans
from vocolab_restoration.speech_level import SpeechLevel

_BESIDE_HZ = 3.0
"""How much of the spectrum beside its lines is marked."""
_FAINT_DB = 38.0
"""Hum that is so far under the speech is told, and is no fault: nobody hears it."""


class HumDetector:
    """What `de-hum` would take away."""

    def __init__(self, options: Options, sample_rate: int, channels: int) -> None:
        self._rate, self._n_samples = sample_rate, 0
        self._reader = HumReader(sample_rate, channels)
        self._speech = SpeechLevel(sample_rate)
        self._spans = Spans()
        self._frames, self._frequency_hz = 0, 0.0
        self._powers = np.zeros(0)

    def accept(self, block: Block) -> None:
        """The next samples (channels, n)."""
        self._n_samples += block.shape[1]
        self._speech.accept(block)
        for hum in self._reader.accept(block):
            self._take(hum)

    def findings(self) -> Iterable[Finding]:
        """One finding: the fundamental's frequency, how many lines there are, and their level together."""
        for hum in self._reader.finish():
            self._take(hum)
        speech_dbfs = self._speech.dbfs
        if speech_dbfs is None:
            return
        if not self._frames:
            yield Finding(fault="hum", is_fault=False, sentence="no mains hum")
            return
        frequency_hz = self._frequency_hz / self._frames
        powers = self._powers / self._frames
        level_dbfs = float(10 * np.log10(powers.sum()))
        lines = np.flatnonzero(powers > 1e-3 * powers.max())
        top = int(lines[-1]) + 1
        under_db = speech_dbfs - level_dbfs
        mains_hz = 50 if frequency_hz < 55 else 60
        is_fault = under_db < _FAINT_DB
        name = "mains hum" if is_fault else "faint mains hum"
        place = f"{abs(under_db):.0f} dB {'under' if under_db >= 0 else 'over'} the speech"
        yield Finding(
            fault="hum",
            is_fault=is_fault,
            sentence=f"{name} at {frequency_hz:.2f} Hz with {_harmonics(len(lines) - 1)}, {place}",
            figures={"hum_frequency_hz": round(frequency_hz, 3), "hum_level_dbfs": round(level_dbfs, 1),
                     "hum_under_speech_db": round(under_db, 1), "hum_harmonics": len(lines) - 1},
            marks=tuple(self._marks(frequency_hz, top)),
            remedies=(Remedy("de-hum", {"mains": str(mains_hz), "harmonics": top}),) if is_fault else (),
        )

    def _take(self, hum: Hum) -> None:
        n_frames = len(hum.phase)
        # A line of amplitude a has a power of a * a / 2.
        powers = 0.5 * np.square(np.abs(hum.amplitudes)).mean(axis=0).sum(axis=1, dtype=np.float64)
        total = np.zeros(max(len(powers), len(self._powers)))
        total[: len(self._powers)] += self._powers
        total[: len(powers)] += powers
        self._powers = total
        self._frames += n_frames
        self._frequency_hz += float(hum.frequency_hz.mean()) * n_frames
        self._spans.add(*(round(max(0.0, second) * self._rate) for second in (hum.first_s, hum.last_s)))

    def _marks(self, frequency_hz: float, lines: int) -> Iterable[Mark]:
        low_hz, high_hz = frequency_hz - _BESIDE_HZ, min(lines * frequency_hz + _BESIDE_HZ, self._rate / 2)
        for start, stop in self._spans.all:
            yield Mark(start / self._rate, min(stop, self._n_samples) / self._rate, low_hz, high_hz)


def _harmonics(count: int) -> str:
    return f"{count or 'no'} harmonic{'' if count == 1 else 's'}"
