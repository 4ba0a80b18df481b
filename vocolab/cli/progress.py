"""How far long work has come: a bar on a terminal, plain lines in a log."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator

import click
import numpy as np
from numpy.typing import NDArray

from vocolab.audio import BLOCK_SAMPLES
from vocolab.interfaces import Signal

_WIDTH = 30
_REDRAW_S = 0.1
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
        self._bar = sys.stderr.isatty()
        self._lock = threading.Lock()
        self._last = time.monotonic()
        self._drawn = False
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
            now = time.monotonic()
            if self._quiet or now - self._last < (_REDRAW_S if self._bar else _LOG_LINE_S):
                return
            self._last = now
            self._draw() if self._bar else click.echo(f"{label}: {fraction:.0%}", err=True)

    def line(self, text: str) -> None:
        """A line that stays."""
        if self._quiet:
            return
        with self._lock:
            self._erase()
            click.echo(text, err=True)

    def close(self) -> None:
        """Take the bar away."""
        with self._lock:
            self._erase()

    def _draw(self) -> None:
        total = len(self._fractions)
        share = sum(self._fractions) / total
        filled = round(share * _WIDTH)
        done = sum(fraction >= 1 for fraction in self._fractions)
        click.echo(f"\r[{'#' * filled}{'.' * (_WIDTH - filled)}] {share:4.0%}  {done}/{total}", err=True, nl=False)
        self._drawn = True

    def _erase(self) -> None:
        if self._drawn:
            click.echo("\r\x1b[K", err=True, nl=False)
            self._drawn = False


class Watched:
    """A signal that tells how far it has been walked through, from 0 to 1, after each block."""

    def __init__(self, signal: Signal, tell: Callable[[float], None]) -> None:
        self._signal, self._tell = signal, tell

    @property
    def sample_rate(self) -> int:
        """Hz."""
        return self._signal.sample_rate

    @property
    def channels(self) -> int:
        """How many channels there are."""
        return self._signal.channels

    @property
    def n_samples(self) -> int:
        """Samples a channel."""
        return self._signal.n_samples

    def blocks(self, block_samples: int = BLOCK_SAMPLES) -> Iterator[NDArray[np.float32]]:
        """The signal's own blocks."""
        done = 0
        for block in self._signal.blocks(block_samples):
            done += block.shape[1]
            self._tell(done / self.n_samples)
            yield block
