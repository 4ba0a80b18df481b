"""Stretches of a recording, those that lie near each other joined, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterable

_MOST = 10_000


class Spans:
    """Takes stretches in the order in which they begin, and keeps the first ten thousand.

    Args:
        apart: Two that are at most so far from each other become one; with 0 those that touch do.
    """

    def __init__(self, apart: int = 0) -> None:
        self.all: list[tuple[int, int]] = []
        """(start, stop), in order."""
        self._apart = apart

    @classmethod
    def joined(cls, others: Iterable[Spans]) -> Spans:
        """Several in one, as near as the first has them."""
        given = list(others)
        made = cls(given[0]._apart)
        for start, stop in sorted(span for spans in given for span in spans.all):
            made.add(start, stop)
        return made

    def add(self, start: int, stop: int) -> None:
        """The next one."""
        if self.all and start <= self.all[-1][1] + self._apart:
            self.all[-1] = (self.all[-1][0], max(stop, self.all[-1][1]))
        elif len(self.all) < _MOST:
            self.all.append((start, stop))
