"""Events of a recording, looked for section by section as the effects do that repair them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from vocolab.effects import Block
from vocolab_restoration.sections import SectionProcessor

_MOST_EVENTS = 10_000


@dataclass(frozen=True)
class Event:
    """A stretch of samples in which something happens."""

    start: int
    stop: int
    level: float
    """How strong it is, in the unit of whoever found it."""


class EventReader:
    """Takes a recording block by block, and keeps the first ten thousand events of it.

    Args:
        channels: How many there are.
        section: Samples that are looked through at once.
        margin: Samples on either side that are looked at too.
        apart: Events that are at most so many samples from each other are one, in whichever channels they are.
        look: From (channels, margin + section + margin) samples, the events in the middle of them.
    """

    def __init__(
        self, channels: int, section: int, margin: int, apart: int, look: Callable[[Block], Iterable[Event]]
    ) -> None:
        self.count = 0
        """How many there are, those that are not kept with them."""
        self.n_samples = 0
        self.events: list[Event] = []
        self._section, self._margin, self._apart, self._look = section, margin, apart, look
        self._stream = SectionProcessor(channels, section, margin, margin, self._looked_through)
        self._channels = channels
        self._last = Event(-apart - 1, -apart - 1, 0.0)

    def accept(self, block: Block) -> None:
        """The next (channels, n)."""
        self.n_samples += block.shape[1]
        self._stream.process(block)

    def finish(self) -> None:
        """The recording has ended."""
        self._stream.process(np.zeros((self._channels, self._stream.latency_samples), np.float32))

    def _looked_through(self, window: Block, first: int) -> Block:
        start = first - self._margin
        for event in sorted(self._look(window) if window.any() else [], key=lambda event: event.start):
            self._add(Event(max(0, event.start + start), min(event.stop + start, self.n_samples), event.level))
        return window[:, self._margin : self._margin + self._section]

    def _add(self, event: Event) -> None:
        if event.start >= event.stop:
            return
        last = self._last
        if event.start <= last.stop + self._apart:
            self._last = Event(min(last.start, event.start), max(last.stop, event.stop), max(last.level, event.level))
            if self.events and self.events[-1] is last:
                self.events[-1] = self._last
            return
        self._last = event
        self.count += 1
        if len(self.events) < _MOST_EVENTS:
            self.events.append(event)
