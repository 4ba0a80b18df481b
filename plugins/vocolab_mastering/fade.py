"""Fades: in from silence, out into silence."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from vocolab.effects import Block, SignalEffect
from vocolab.signals import BLOCK_SAMPLES, DerivedSignal, Signal
from vocolab_mastering.options_edit import FadeOptions

_SHAPES: dict[str, Callable[[NDArray[np.float64]], NDArray[np.float64]]] = {
    "linear": lambda way: way,
    "cosine": lambda way: (1 - np.cos(np.pi * way)) / 2,
    "sine": lambda way: np.sin(np.pi * way / 2),
}


class Fade(SignalEffect[FadeOptions]):
    """The first and the last sample are silent, what lies between the fades is the input bit by bit.

    On a signal shorter than both together they multiply. `mix` blends the gain with 1. The length stays.
    """

    name = "fade"

    def edit(self, signal: Signal) -> Signal:
        """The signal, faded while it is walked through."""
        return _Faded(signal, self.options)


class _Faded(DerivedSignal):
    def __init__(self, signal: Signal, options: FadeOptions) -> None:
        super().__init__(signal)
        self._in_samples = round(options.in_ms * signal.sample_rate / 1000)
        self._out_samples = round(options.out_ms * signal.sample_rate / 1000)
        self._shape = _SHAPES[options.shape]
        self._mix = options.mix

    def blocks(self, block_samples: int = BLOCK_SAMPLES) -> Iterator[Block]:
        start = 0
        for block in self.source.blocks(block_samples):
            stop = start + block.shape[1]
            if start < self._in_samples or stop > self.n_samples - self._out_samples:
                gain = 1 + self._mix * (self._gain(np.arange(start, stop)) - 1)
                block = np.asarray(block * gain.astype(np.float32))
            yield block
            start = stop

    def _gain(self, position: NDArray[np.int64]) -> NDArray[np.float64]:
        to_end = self.n_samples - 1 - position
        gain = np.ones(len(position))
        for length, distance in ((self._in_samples, position), (self._out_samples, to_end)):
            if length:
                gain *= self._shape(np.minimum(distance / length, 1))
        return gain
