"""How far long work has come: a bar on a terminal, plain lines in a log."""

from __future__ import annotations

import threading
import time

import click

from vocolab.cli.colour import say
from vocolab.cli.session import on_terminal
from vocolab.cli.status_line import StatusLine, bar

_LOG_LINE_S = 30.0


class Progress:
    """The state of a batch on stderr. Safe to use from several threads.

    Args:
        total: How many items there are.
        quiet: Print nothing.
        part: Where on the way of the whole call these items begin and end, 0 to 1: one bar goes on where another left.
    """

    def __init__(self, total: int, *, quiet: bool = False, part: tuple[float, float] = (0.0, 1.0)) -> None:
        self._first, self._last = part
        self._fractions = [0.0] * total
        self._quiet = quiet
        self._status = StatusLine() if on_terminal() else None
        self._lock = threading.Lock()
        self._last_s = time.monotonic()
        self.stopped = threading.Event()

    def reach(self, item: int, fraction: float, label: str = "") -> None:
        """Item number `item` is done to `fraction`, 0 to 1.

        Raises:
            KeyboardInterrupt: if the batch has been stopped, so that the thread that works on the item ends.
        """
        if self.stopped.is_set():
            raise KeyboardInterrupt
        with self._lock:
            self._fractions[item] = fraction
            if self._quiet:
                return
            if self._status is not None:
                if self._status.due:
                    self._status.draw(f"{bar(self._share)}  {self._done}")
            elif time.monotonic() - self._last_s >= _LOG_LINE_S:
                self._last_s = time.monotonic()
                click.echo(f"{self._share:4.0%}  {self._done}  {label}".rstrip(), err=True)

    def line(self, text: str) -> None:
        """A line that stays."""
        if self._quiet:
            return
        with self._lock:
            if self._status is not None:
                self._status.print_above(text)
            else:
                say(text)

    def close(self) -> None:
        """Take the bar away."""
        with self._lock:
            if self._status is not None:
                self._status.erase()

    @property
    def _share(self) -> float:
        """Of the whole call, 0 to 1."""
        mean = sum(self._fractions) / len(self._fractions)
        return self._first + (self._last - self._first) * mean

    @property
    def _done(self) -> str:
        return f"{sum(fraction >= 1 for fraction in self._fractions)}/{len(self._fractions)}"
