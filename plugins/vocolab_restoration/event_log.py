"""What was done to the events of a stream: how many there were, where, and what became of the level in them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vocolab.deeds import Span

MOST_SPANS = 1_000
"""Memory does not grow with the recording: later events are counted only."""
_LOWEST_SHARE = 1e-12


@dataclass
class Event:
    """A stretch of samples, and the energy in it before and after."""

    start: int
    stop: int
    before: float
    after: float


class EventLog:
    """Takes events from the beginning of a stream to its end; what touches the last one is part of it.

    Args:
        sample_rate: In Hz.
    """

    def __init__(self, sample_rate: int) -> None:
        self._sample_rate = sample_rate
        self._open: Event | None = None
        self._count, self._before, self._after = 0, 0.0, 0.0
        self._spans: list[Span] = []

    def add(self, events: Iterable[Event]) -> None:
        """Events of the next section, of any channel and in any order."""
        for event in sorted(events, key=lambda one: one.start):
            last = self._open
            if last is None or event.start > last.stop:
                self._close()
                self._open = Event(event.start, event.stop, event.before, event.after)
                continue
            last.stop = max(last.stop, event.stop)
            last.before += event.before
            last.after += event.after

    def _close(self) -> None:
        event, self._open = self._open, None
        if event is None:
            return
        self._count += 1
        self._before += event.before
        self._after += event.after
        if len(self._spans) < MOST_SPANS:
            self._spans.append(Span(event.start / self._sample_rate, event.stop / self._sample_rate,
                                    change_db(event.before, event.after)))

    @property
    def count(self) -> int:
        """How many there are."""
        self._close()
        return self._count

    @property
    def spans(self) -> tuple[Span, ...]:
        """The first of them, with the change of the level in each."""
        self._close()
        return tuple(self._spans)

    @property
    def change_db(self) -> float | None:
        """The energy in all of them, after over before."""
        self._close()
        return change_db(self._before, self._after)


def change_db(before: float, after: float) -> float | None:
    """Energy after over energy before; None where there was none, and at least -120 dB."""
    return 10 * math.log10(max(after / before, _LOWEST_SHARE)) if before > 0 else None


def events_in(
    spans: Iterable[tuple[int, int]], first: int, before: NDArray[np.floating], after: NDArray[np.floating]
) -> list[Event]:
    """Events of a section.

    Args:
        spans: From where to where, in samples of the section; what reaches out of it is cut.
        first: The section's first sample in the stream.
        before: (channels, samples) or (samples,) of the section, as it was.
        after: The same as it is.
    """
    n_samples, found = before.shape[-1], []
    for start, stop in spans:
        inside = slice(max(0, start), min(n_samples, stop))
        if inside.start < inside.stop:
            energies = [float(np.square(samples[..., inside], dtype=np.float64).sum()) for samples in (before, after)]
            found.append(Event(first + inside.start, first + inside.stop, *energies))
    return found
