"""Room tone: noise like that of a recording where nobody speaks.

White noise through a filter whose impulse response is a quiet stretch of the recording itself has, on average, the
level, the spectrum, and between the channels the correlation of that stretch. Several stretches, each with noise of its
own, even out what is particular to one.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.signal import oaconvolve

from vocolab.block_buffers import Waiting
from vocolab.effects import Block

WINDOW_S = 0.5
"""Length of a quiet stretch."""
SHORT_WINDOW_S = 0.02
"""The same in a recording without a pause of that length."""
LOUDEST_DBFS = -40.0
"""RMS over which the quietest stretch is no room tone but the recording itself: one without a pause."""
_SPEECH_DB = 10.0
"""Half seconds that are so much louder than the short ones are no pauses; of one noise they differ by less."""
_SAME_DB = 3.0
"""Stretches of one noise differ by less."""
_N_WINDOWS = 4
_CHUNK_SAMPLES = 32_768
_WHITE_SAMPLES = 4_800
"""A single sample in so many of nothing: a filter that leaves white noise white, but for an offset."""


class QuietWindows:
    """Collects the quietest stretches of a signal, windows that don't overlap, in bounded memory.

    They last half a second; a fiftieth where the pauses are shorter than that.
    """

    def __init__(self, sample_rate: int, channels: int) -> None:
        self._long = _Quietest(round(WINDOW_S * sample_rate), channels)
        self._short = _Quietest(round(SHORT_WINDOW_S * sample_rate), channels)

    def add(self, block: Block) -> None:
        """Take the next (channels, n) samples."""
        self._long.add(block)
        self._short.add(block)

    def windows(self) -> list[Block]:
        """The quietest first; none that is over `LOUDEST_DBFS`, none at all of less than half a second."""
        windows, powers = self._long.ordered()
        if not windows:
            return []
        short, short_powers = self._short.ordered()
        if 0 < short_powers[0] < powers[0] * 10 ** (-_SPEECH_DB / 10):
            windows, powers = short, short_powers
        # What is louder than the quietest of them has speech in it.
        loudest = min(10 ** (LOUDEST_DBFS / 10), powers[0] * 10 ** (_SAME_DB / 10))
        return [window for window, power in zip(windows, powers, strict=True) if power <= loudest]


class _Quietest:
    """The few quietest windows of one length."""

    def __init__(self, length: int, channels: int) -> None:
        self._waiting = Waiting(channels, length)
        self._n_seen = 0
        self._kept: list[tuple[float, int, Block]] = []  # a heap; the loudest of them, negated, is on top

    def add(self, block: Block) -> None:
        for window in self._waiting.windows(block):
            power = float(np.mean(np.square(window, dtype=np.float64)))
            self._n_seen += 1
            if len(self._kept) < _N_WINDOWS:
                heapq.heappush(self._kept, (-power, -self._n_seen, window.copy()))
            elif power < -self._kept[0][0]:
                heapq.heapreplace(self._kept, (-power, -self._n_seen, window.copy()))

    def ordered(self) -> tuple[list[Block], list[float]]:
        """The windows, the quietest first, and their mean squares."""
        kept = sorted(self._kept, key=lambda item: (-item[0], -item[1]))
        return [window for _, _, window in kept], [-negative for negative, _, _ in kept]


def at_level(windows: list[Block], level_dbfs: float, channels: int) -> list[Block]:
    """The stretches so loud that their noise has `level_dbfs` RMS; where they are silent, one that makes it white."""
    centred = [window - window.mean(axis=1, keepdims=True) for window in windows]
    power = float(np.mean([np.mean(np.square(window, dtype=np.float64)) for window in centred])) if centred else 0.0
    if power == 0:
        centred, power = [np.eye(1, _WHITE_SAMPLES, dtype=np.float32).repeat(channels, axis=0)], 1 / _WHITE_SAMPLES
    factor = np.float32(10 ** (level_dbfs / 20) / np.sqrt(power))
    return [factor * window for window in centred]


def room_tone(windows: list[Block], n_samples: int, seed: tuple[int, ...]) -> Iterator[Block]:
    """`n_samples` of noise like `windows`, in blocks of (channels, n); the same for the same seed."""
    length = windows[0].shape[1]
    kernels = np.stack([window - window.mean(axis=1, keepdims=True) for window in windows]).astype(np.float64)
    kernels /= np.sqrt(length * len(windows))
    rng = np.random.default_rng(seed)
    past = rng.standard_normal((len(windows), 1, length - 1))
    for start in range(0, n_samples, _CHUNK_SAMPLES):
        fresh = rng.standard_normal((len(windows), 1, min(_CHUNK_SAMPLES, n_samples - start)))
        white = np.concatenate([past, fresh], axis=2)
        past = white[:, :, white.shape[2] - (length - 1) :]
        yield _filtered(white, kernels).astype(np.float32)


def _filtered(white: NDArray[np.float64], kernels: NDArray[np.float64]) -> NDArray[np.float64]:
    """(channels, n): (windows, 1, n + length - 1) noise through (windows, channels, length) filters, summed."""
    return np.asarray(oaconvolve(white, kernels, mode="valid", axes=2).sum(axis=0))
