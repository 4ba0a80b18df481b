"""Who looks on while a file is made: how far it has come, and what there is to say about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vocolab.signals import BLOCK_SAMPLES, DerivedSignal, Signal

_PROCESSED = 0.7
_SHARE_OF_A_WALK = 0.1
"""Shares of the way: through the chain, and of each walk after it: into the file, and past the meter."""


class Onlooker(Protocol):
    """Somebody who is told how a job goes."""

    @property
    def reach(self) -> Callable[[float], None]:
        """To be called with how far the job has come, 0 to 1."""
        ...

    @property
    def notes(self) -> list[str]:
        """Lines for people."""
        ...


@dataclass(frozen=True)
class Notes:
    """An onlooker who only keeps what there is to say."""

    notes: list[str] = field(default_factory=list)

    def reach(self, done: float) -> None:
        """Nothing happens."""


class Watched(DerivedSignal):
    """A signal that tells how far it has been walked through, from 0 to 1, after each block."""

    def __init__(self, signal: Signal, tell: Callable[[float], None]) -> None:
        super().__init__(signal)
        self._tell = tell

    def blocks(self, block_samples: int = BLOCK_SAMPLES) -> Iterator[NDArray[np.float32]]:
        """The signal's own blocks."""
        done = 0
        for block in self.source.blocks(block_samples):
            done += block.shape[1]
            self._tell(done / self.n_samples)
            yield block


class Watch:
    """Tells an onlooker how far a file has come: through the chain, then by each further walk.

    Args:
        onlooker: Who is told.
        first: Where on the onlooker's way the file begins; of an album it is one of several.
        share: How much of that way it is.
    """

    def __init__(self, onlooker: Onlooker, first: float = 0.0, share: float = 1.0) -> None:
        self._onlooker, self._first, self._share = onlooker, first, share
        self._reached = 0.0

    def source(self, signal: Signal) -> Signal:
        """What goes into the chain."""
        return Watched(signal, lambda done: self._tell(done * _PROCESSED))

    def __call__(self, signal: Signal) -> Signal:
        """What is walked through after it."""
        start = max(self._reached, _PROCESSED)
        return Watched(signal, lambda done: self._tell(min(start + done * _SHARE_OF_A_WALK, 0.99)))

    def _tell(self, done: float) -> None:
        self._reached = max(self._reached, done)
        self._onlooker.reach(self._first + self._share * self._reached)
