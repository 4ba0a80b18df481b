"""Where a waveform was cut off: at which level, and which samples.

A waveform that is cut comes to the same level again and again and stays there, with a corner at either end. A peak that
just fits does so once, and the crest of a tone has no corners. The level is looked for, since a recording that was
clipped may have been turned down afterwards; one that went through a lossy codec after it has lost its flat tops.

One walk is enough: what stands at the highest level so far is counted, and forgotten when a higher one comes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vocolab.effects import Block
from vocolab.signals import Signal
from vocolab_restoration.spans import Spans

_STEP = 1 / 32768
"""Levels are told apart by steps of 16 bits."""
_STEPS = 3
"""That count as one level: dither moves a sample that was cut by a step up or down."""
_SHORTEST_RUN_S = 0.000_25
_SHORTEST_RUN_SAMPLES = (2, 3)
"""What counts as staying there: two samples at 8 kHz, three from 12 kHz on."""
_FEWEST_RUNS = 3
_MOST_CORNERS = 1000
_CORNER = 12 * _STEP
"""By how much most runs have to be left at once."""
_LEAST_LEVEL = 0.02
_APART_S = 0.1
"""Runs that are nearer to each other are one stretch."""

Levels = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Clipping:
    """Where each channel was cut."""

    high: Levels
    """(channels, 1): from this level upwards; infinite where nothing was cut."""
    low: Levels
    """(channels, 1): from this level downwards."""
    n_samples: int
    """How many samples stand there, over all channels."""
    share: float
    """Of all samples of all channels."""
    spans: list[tuple[int, int]]
    """In samples, (start, stop): stretches in which a channel was cut, in order."""

    def above(self, block: Block) -> NDArray[np.bool_]:
        """(channels, n): which samples were cut at the upper level."""
        return np.asarray(block >= self.high)

    def below(self, block: Block) -> NDArray[np.bool_]:
        """(channels, n): which samples were cut at the lower level."""
        return np.asarray(block <= self.low)


class ClippingReader:
    """Takes a recording block by block, and tells where it was clipped."""

    def __init__(self, sample_rate: int, channels: int) -> None:
        self._sides = [[_Side(sample_rate) for _ in range(channels)] for _ in range(2)]
        self._n_samples = 0

    def accept(self, block: Block) -> None:
        """The next (channels, n)."""
        if not block.shape[1]:
            return
        for sign, side in zip((np.float32(1), np.float32(-1)), self._sides, strict=True):
            for counter, samples in zip(side, block, strict=True):
                counter.add(sign * samples, self._n_samples)
        self._n_samples += block.shape[1]

    @property
    def clipping(self) -> Clipping | None:
        """None where nothing was cut."""
        cut = [counter for side in self._sides for counter in side if counter.is_cut]
        if not cut:
            return None
        levels = np.array([[counter.level if counter.is_cut else np.inf for counter in side] for side in self._sides])
        high, low = levels[..., None].astype(np.float32)
        n_samples = sum(counter.n_samples for counter in cut)
        spans = Spans.joined([counter.spans for counter in cut])
        return Clipping(high, -low, n_samples, n_samples / (self._n_samples * len(high)), spans.all)


def find_clipping(signal: Signal) -> Clipping | None:
    """Where a signal was clipped, None where it was not; it is walked through once."""
    reader = ClippingReader(signal.sample_rate, signal.channels)
    for block in signal.blocks():
        reader.accept(block)
    return reader.clipping


class _Side:
    """What stands at the highest level of one channel, in one polarity."""

    def __init__(self, sample_rate: int) -> None:
        self._sample_rate = sample_rate
        self._peak = np.float32(0)
        self._runs: dict[int, _Runs] = {}
        self._last: float | None = None

    def add(self, samples: NDArray[np.float32], first: int) -> None:
        """The next (n,), the first of which is number `first`."""
        self._peak = np.maximum(self._peak, samples.max())
        last, self._last = self._last, float(samples[-1])
        if self._peak < _LEAST_LEVEL:
            return
        top = int(self._peak / _STEP)
        # Nothing before reached a step that is new, so that what is counted from here on is all that stands there.
        self._runs = {step: self._runs.get(step) or _Runs(step, last, self._sample_rate)
                      for step in range(top - _STEPS + 1, top + 1)}
        for runs in self._runs.values():
            runs.add(samples, first)

    @property
    def _lowest(self) -> _Runs:
        return self._runs[min(self._runs)]

    @property
    def level(self) -> float:
        """From which on a sample was cut."""
        return self._lowest.level

    @property
    def n_samples(self) -> int:
        """How many were."""
        return self._lowest.n_samples

    @property
    def spans(self) -> Spans:
        """Where."""
        return self._lowest.spans

    @property
    def is_cut(self) -> bool:
        """Whether runs with corners stand there."""
        if not self._runs:
            return False
        corners = self._lowest.corners
        return len(corners) >= _FEWEST_RUNS and float(self._peak - np.median(corners)) > _CORNER


class _Runs:
    """The runs of samples from one level upwards.

    Args:
        step: The level, in steps of 16 bits.
        before: The sample before the first one; None where there is none.
        sample_rate: In Hz.
    """

    def __init__(self, step: int, before: float | None, sample_rate: int) -> None:
        self.level = step * _STEP
        self.n_samples = 0
        self.spans = Spans(round(_APART_S * sample_rate))
        self._shortest = int(np.clip(round(_SHORTEST_RUN_S * sample_rate), *_SHORTEST_RUN_SAMPLES))
        self.corners: list[float] = []
        """The lower neighbour of each run of three samples or more."""
        self._before = before
        self._open: int | None = None
        """Where a run began that has not ended, its `_before` being what was before it."""

    def add(self, samples: NDArray[np.float32], first: int) -> None:
        """The next (n,), the first of which is number `first`."""
        at = samples >= np.float32(self.level)
        edges = np.flatnonzero(np.diff(at.astype(np.int8), prepend=int(self._open is not None)))
        for edge in edges.tolist():
            if self._open is None:
                self._open = first + edge
                self._before = float(samples[edge - 1]) if edge else self._before
            else:
                self._close(first + edge, float(samples[edge]))
        if self._open is None:
            self._before = float(samples[-1])

    def _close(self, stop: int, after: float) -> None:
        assert self._open is not None
        start, self._open = self._open, None
        self.n_samples += stop - start
        self.spans.add(start, stop)
        if stop - start >= self._shortest and self._before is not None and len(self.corners) < _MOST_CORNERS:
            self.corners.append(min(self._before, after))
