"""Where peaks were restored, and by how much: stretches of samples that were cut, with their peaks before and after."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from vocolab.deeds import Span
from vocolab.effects import Block
from vocolab_restoration.event_log import MOST_SPANS

_APART_S = 0.25
"""What is nearer belongs to one stretch."""


class PeakLog:
    """Takes a stream, and which of its samples were restored.

    Args:
        sample_rate: In Hz.
    """

    def __init__(self, sample_rate: int) -> None:
        self._sample_rate, self._apart = sample_rate, max(1, round(_APART_S * sample_rate))
        self._position = 0
        self._open: tuple[int, int, float, float] | None = None
        """First and last sample, and the peaks before and after."""
        self._spans: list[Span] = []
        self.n_stretches = 0
        """How many there are, but for the last one before `close`."""
        self.n_samples = 0
        """Samples that were restored, over all channels."""
        self.gain_db = 0.0
        """The most that the peak of a stretch has risen."""

    def add(self, given: Block, made: Block, cut: NDArray[np.bool_]) -> None:
        """The next (channels, n), before and after, and which of them were cut."""
        self.n_samples += int(np.count_nonzero(cut))
        places = np.flatnonzero(cut.any(axis=0))
        before, after = (np.where(cut, np.abs(block), 0).max(axis=0, initial=0) for block in (given, made))
        for group in np.split(places, np.flatnonzero(np.diff(places) > self._apart) + 1) if len(places) else ():
            peaks = (float(values[group].max()) for values in (before, after))
            self._take(self._position + int(group[0]), self._position + int(group[-1]), *peaks)
        self._position += given.shape[1]

    def close(self) -> tuple[Span, ...]:
        """The first of the stretches."""
        if self._open is not None:
            first, last, before, after = self._open
            change_db = 20 * math.log10(after / before)
            self.n_stretches += 1
            self.gain_db = max(self.gain_db, change_db)
            if len(self._spans) < MOST_SPANS:
                self._spans.append(Span(first / self._sample_rate, (last + 1) / self._sample_rate, change_db))
            self._open = None
        return tuple(self._spans)

    def _take(self, first: int, last: int, before: float, after: float) -> None:
        if self._open is not None and first - self._open[1] <= self._apart:
            begun, _, low, high = self._open
            self._open = begun, last, max(low, before), max(high, after)
            return
        self.close()
        self._open = first, last, before, after
