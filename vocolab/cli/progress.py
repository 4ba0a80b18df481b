"""How far long work has come: a bar on a terminal, plain lines in a log."""

from __future__ import annotations

import threading
import time

import click

from vocolab.cli.session import on_terminal
from vocolab.cli.status_line import StatusLine, bar

_LOG_LINE_S = 30.0


class Progress:
    """The state of a batch on stderr. Safe to use from several threads.

    Args:
        total: How many items there are.
        quiet: Print nothing.
    """

    def __init__(self, total: int, *, quiet: bool = False) -> None:
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
                click.echo(text, err=True)

    def close(self) -> None:
        """Take the bar away."""
        with self._lock:
            if self._status is not None:
                self._status.erase()

    @property
    def _share(self) -> float:
        """Of all items together, 0 to 1."""
        return sum(self._fractions) / len(self._fractions)

    @property
    def _done(self) -> str:
        return f"{sum(fraction >= 1 for fraction in self._fractions)}/{len(self._fractions)}"
