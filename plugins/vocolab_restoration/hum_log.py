"""What was done against a hum: in which stretches, which lines, and what became of the pauses."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vocolab.deeds import Deed, Span
from vocolab.effects import Block
from vocolab_restoration.hum_lines import Hum
from vocolab_restoration.pause_levels import PauseLevels

_FADE_S = 1.0
"""A hum that ends inside of a recording is faded out within so much."""


class HumLog:
    """Takes a stream with its hum and without.

    Args:
        hums: What was found, in order; they may overlap.
        sample_rate: In Hz.
        n_samples: Of the stream.
    """

    def __init__(self, hums: Sequence[Hum], sample_rate: int, n_samples: int) -> None:
        self._hums, self._sample_rate = hums, sample_rate
        self._stretches: list[tuple[int, int]] = []
        for hum in hums:
            first = 0 if hum.first_s < _FADE_S else round(hum.first_s * sample_rate)
            last = round(hum.last_s * sample_rate)
            last = n_samples if last > n_samples - _FADE_S * sample_rate else last
            if self._stretches and first <= self._stretches[-1][1]:
                first = self._stretches.pop()[0]
            self._stretches.append((first, last))
        self._pauses = [PauseLevels(sample_rate) for _ in self._stretches]
        self._taken, self._n_taken = 0.0, 0

    def add(self, given: Block, made: Block, start: int) -> None:
        """The next (channels, n) from sample `start` on, before and after."""
        for (first, last), pauses in zip(self._stretches, self._pauses, strict=True):
            inside = slice(max(0, first - start), max(0, last - start))
            before, after = given[:, inside], made[:, inside]
            if before.shape[1]:
                pauses.add(before, after)
                self._taken += float(np.square(before - after, dtype=np.float64).mean(axis=0).sum())
                self._n_taken += before.shape[1]

    def told(self) -> Deed:
        """The hum, and what was subtracted."""
        frequency_hz = float(np.median(np.concatenate([hum.frequency_hz for hum in self._hums])))
        lines = max(int(np.count_nonzero(hum.amplitudes.any(axis=(0, 2)))) for hum in self._hums)
        taken_dbfs = float(10 * np.log10(self._taken / max(self._n_taken, 1) + 1e-20))
        spans = tuple(Span(first / self._sample_rate, last / self._sample_rate, pauses.change_db)
                      for (first, last), pauses in zip(self._stretches, self._pauses, strict=True))
        most = max(self._pauses, key=lambda pauses: pauses.seconds)
        return Deed(sentence=f"hum of {frequency_hz:.2f} Hz with {lines} line{'s' if lines > 1 else ''} taken out, "
                             f"{taken_dbfs:.1f} dBFS together; {most.text}",
                    figures={"frequency_hz": frequency_hz, "lines": lines, "taken_dbfs": taken_dbfs, **most.figures},
                    spans=spans)
