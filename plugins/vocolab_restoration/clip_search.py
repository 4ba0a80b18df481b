"""Where a waveform was cut off: at which level, and which samples.

A waveform that is cut comes to the same level again and again and stays there, with a corner at either end. A peak that
just fits does so once, and the crest of a tone has no corners. The level is looked for, since a recording that was
clipped may have been turned down afterwards; one that went through a lossy codec after it has lost its flat tops.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vocolab.effects import Block
from vocolab.signals import Signal

_EQUAL = np.float32(1.5 / 32768)
"""Dither moves a sample that was cut by a step of 16 bits."""
_SHORTEST_RUN_SAMPLES = 3
_FEWEST_RUNS = 3
_CORNER = 8 * _EQUAL
"""By how much most runs have to be left at once."""
_LEAST_LEVEL = 0.02

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

    def above(self, block: Block) -> NDArray[np.bool_]:
        """(channels, n): which samples were cut at the upper level."""
        return np.asarray(block >= self.high - _EQUAL)

    def below(self, block: Block) -> NDArray[np.bool_]:
        """(channels, n): which samples were cut at the lower level."""
        return np.asarray(block <= self.low + _EQUAL)


def find_clipping(signal: Signal) -> Clipping | None:
    """Where a signal was clipped, None where it was not; it is walked through twice."""
    peaks = np.zeros((2, signal.channels, 1), np.float32)
    for block in signal.blocks():
        if block.shape[1]:
            extremes = np.stack([block.max(axis=1, keepdims=True), -block.min(axis=1, keepdims=True)])
            peaks = np.maximum(peaks, extremes)
    runs = [[_Runs(float(peak)) for peak in side[:, 0]] for side in peaks]
    for block in signal.blocks():
        for sign, side in zip((1, -1), runs, strict=True):
            for counter, samples in zip(side, block, strict=True):
                counter.add(sign * samples)
    cut = np.array([[counter.is_cut for counter in side] for side in runs])[..., None]
    if not cut.any():
        return None
    levels = np.where(cut, peaks, np.float32(np.inf))
    n_samples = sum(counter.n_samples for side in runs for counter in side if counter.is_cut)
    return Clipping(levels[0], -levels[1], n_samples)


class _Runs:
    """Counts what stands at one level of one channel."""

    def __init__(self, level: float) -> None:
        self._level = np.float32(level)
        self._last = np.zeros(0, np.float32)
        self._corners: list[float] = []
        self.n_samples = 0

    def add(self, samples: NDArray[np.float32]) -> None:
        """The next (n,)."""
        joined = np.concatenate([self._last, samples])
        at = joined >= self._level - _EQUAL
        # What is still open at the end is looked at with the next samples.
        is_open = self._level < _LEAST_LEVEL or not at.any()
        if is_open:
            self._last = joined[-1:]
            return
        edges = np.flatnonzero(np.diff(at.astype(np.int8), prepend=0, append=0))
        starts, stops = edges[::2], edges[1::2]
        keep_from = len(joined) - 1
        if stops[-1] == len(joined):
            keep_from = max(starts[-1] - 1, 0)
            starts, stops = starts[:-1], stops[:-1]
        self._count(joined, starts, stops)
        self._last = joined[keep_from:]

    def _count(self, joined: NDArray[np.float32], starts: NDArray[np.int_], stops: NDArray[np.int_]) -> None:
        self.n_samples += int((stops - starts).sum())
        long = (stops - starts >= _SHORTEST_RUN_SAMPLES) & (starts > 0)
        if len(self._corners) < 1000:
            before = self._level - joined[starts[long] - 1]
            after = self._level - joined[np.minimum(stops[long], len(joined) - 1)]
            self._corners += np.maximum(before, after).tolist()

    @property
    def is_cut(self) -> bool:
        """Whether runs with corners stand there."""
        return len(self._corners) >= _FEWEST_RUNS and float(np.median(self._corners)) > _CORNER
