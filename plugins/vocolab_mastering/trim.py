"""Trim: silence goes from the beginning and from the end."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from vocolab.effects import Block, SignalEffect
from vocolab.files.spool import Spool
from vocolab.signals import BLOCK_SAMPLES, DerivedSignal, Signal
from vocolab.tags import origin_of
from vocolab_mastering.options_edit import TrimOptions
from vocolab_mastering.window_powers import WindowPowers

_WINDOW_MS = 10


class Trim(SignalEffect[TrimOptions]):
    """What lies between the first and the last sound, with `keep_ms` around it; bit by bit the input's.

    Sound is where a channel's RMS over 10 ms is over the threshold. Pauses inside stay as they are, and so does a
    signal without any sound: there is nothing to trim it to.
    """

    name = "trim"
    keeps_length = False

    def edit(self, signal: Signal) -> Signal:
        """The part to keep; the signal has been walked through once and put aside."""
        spool = Spool.like(signal)
        window = max(1, round(_WINDOW_MS * signal.sample_rate / 1000))
        first, last = self._sounding(signal, spool, window)
        if first is None or last is None:
            return spool
        keep = round(self.options.keep_ms * signal.sample_rate / 1000)
        start = max(first * window - keep, 0) if self.options.head else 0
        stop = min((last + 1) * window + keep, spool.n_samples) if self.options.tail else spool.n_samples
        return _Part(spool, start, stop)

    def _sounding(self, signal: Signal, spool: Spool, window: int) -> tuple[int | None, int | None]:
        """The first and the last window with sound."""
        powers = WindowPowers(window, signal.channels)
        least = 10 ** (self.options.threshold_db / 10)
        first = last = None
        n_before = 0
        for block in _and_end(signal):
            if block is not None:
                spool.append(block)
            found = powers.last() if block is None else powers.add(block)
            sounding = n_before + np.flatnonzero((found > least).any(axis=0))
            n_before += found.shape[1]
            if len(sounding):
                first = int(sounding[0]) if first is None else first
                last = int(sounding[-1])
        return first, last


def _and_end(signal: Signal) -> Iterator[Block | None]:
    yield from signal.blocks()
    yield None


class _Part(DerivedSignal):
    """The samples from `start` to `stop` of a signal."""

    def __init__(self, signal: Signal, start: int, stop: int) -> None:
        super().__init__(signal, n_samples=stop - start)
        self._start, self._stop = start, stop
        origin = origin_of(signal)
        self.origin = origin and origin.moved(start / signal.sample_rate)

    def blocks(self, block_samples: int = BLOCK_SAMPLES) -> Iterator[Block]:
        position = 0
        for block in self.source.blocks(block_samples):
            first = max(self._start - position, 0)
            part = block[:, first : self._stop - position]
            position += block.shape[1]
            if part.shape[1]:
                yield part
            if position >= self._stop:
                return
