"""How a control signal moves in time: peaks held, let go, and smoothed. All causal, with state, exact at any cut.

Nothing here loops over samples: a decaying maximum is a running maximum in another frame of reference.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d
from scipy.signal import lfilter

from vocolab.block_buffers import Past
from vocolab.effects import Block

Curve = NDArray[np.float64]
_FORGOTTEN = 1e-9


def decay_factor(time_ms: float, sample_rate: float) -> float:
    """What is left of a value after one sample, if 1/e is left after `time_ms`."""
    return math.exp(-1000.0 / (time_ms * sample_rate))


class Decay:
    """y[n] = max(x[n], factor * y[n - 1]) for x of 0 and above: instant rise, exponential fall.

    With k = -ln(factor), ln y[n] + k n is the running maximum of ln x[n] + k n.
    """

    def __init__(self, factor: float) -> None:
        self._k = -math.log(factor)
        self.level = 0.0
        """The last y. Under 1e-9 it counts as 0."""

    def process(self, x: Curve) -> Curve:
        """The next values (n,)."""
        if not len(x):
            return x
        time = self._k * np.arange(1, len(x) + 1)
        with np.errstate(divide="ignore"):
            climbing = np.log(np.concatenate([[self.level], x]))
        climbing[1:] += time
        y = np.exp(np.maximum.accumulate(climbing)[1:] - time)
        self.level = float(y[-1]) if y[-1] > _FORGOTTEN else 0.0
        return np.asarray(y)


class OnePole:
    """y[n] = factor * y[n - 1] + (1 - factor) * x[n]."""

    def __init__(self, factor: float) -> None:
        self._factor = factor
        self._state = np.zeros(1)

    def process(self, x: Curve) -> Curve:
        """The next values (n,)."""
        if not len(x):
            return x
        y, self._state = lfilter([1 - self._factor], [1.0, -self._factor], x, zi=self._state)
        return np.asarray(y)


class SlidingMaximum:
    """The highest of the last `length` values."""

    def __init__(self, length: int) -> None:
        self._length = length
        self._past = Past(length - 1)

    def process(self, x: Curve) -> Curve:
        """The next values (n,)."""
        if not len(x):
            return x
        joined = self._past.before(x)
        centred = maximum_filter1d(joined, self._length, mode="nearest")
        return np.asarray(centred[self._length // 2 :][: len(x)])


class MovingAverage:
    """The mean of the last `length` values."""

    def __init__(self, length: int) -> None:
        self._length = length
        self._past = Past(length - 1)

    def process(self, x: Curve) -> Curve:
        """The next values (n,)."""
        joined = self._past.before(x)
        total = np.cumsum(np.concatenate([[0.0], joined]))
        return np.asarray((total[self._length :] - total[: -self._length]) / self._length)


class Delay:
    """(channels, n) blocks, `length` samples late."""

    def __init__(self, length: int, channels: int) -> None:
        self._past = Past(length, channels)

    def process(self, block: Block) -> Block:
        """The next block."""
        return self._past.before(block)[:, : block.shape[1]]
