"""Audio that came through standard input, as commands know a file."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from vocolab.cli.inputs import STANDARD
from vocolab.signals import BLOCK_SAMPLES, DerivedSignal, Signal


class PipedAudio(DerivedSignal):
    """A signal that was put aside, with what is told of a file."""

    path = STANDARD
    notes: tuple[str, ...] = ()
    has_wrong_length = False
    """A pipe's header can't know the length, so nobody is told that it is wrong."""

    def __init__(self, signal: Signal, form: str) -> None:
        super().__init__(signal)
        self.format = form

    @property
    def seconds(self) -> float:
        """Duration in seconds."""
        return self.n_samples / self.sample_rate

    def blocks(self, block_samples: int = BLOCK_SAMPLES) -> Iterator[NDArray[np.float32]]:
        """The signal's own blocks."""
        return self.source.blocks(block_samples)
