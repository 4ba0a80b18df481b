"""The hum of a recording of any length: chunk by chunk, each measured apart."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import soxr
from numpy.typing import NDArray

from vocolab.effects import Block
from vocolab.signals import Signal
from vocolab_restoration.hum_lines import Hum, read_hum
from vocolab_restoration.hum_search import RATE_HZ

_CHUNK_S = 64.0
_OVERLAP_S = 8.0
"""Chunks are measured apart, and one fades into the next over their overlap."""
MAINS_HZ = {"auto": (50.0, 60.0), "50": (50.0,), "60": (60.0,)}


class HumReader:
    """Takes a recording block by block, and gives the hum of each chunk that has one; chunks overlap by 8 s.

    Args:
        sample_rate: In Hz.
        channels: How many there are.
        harmonics: How many lines are looked for.
        mains_hz: Nominal frequencies that the fundamental may have.
    """

    def __init__(
        self, sample_rate: int, channels: int, harmonics: int = 20, mains_hz: tuple[float, ...] = MAINS_HZ["auto"]
    ) -> None:
        self._harmonics, self._mains_hz = harmonics, mains_hz
        self._stream = soxr.ResampleStream(sample_rate, RATE_HZ, channels, dtype="float32", quality="HQ")
        self._waiting = np.zeros((channels, 0), np.float32)
        self._start = 0

    def accept(self, block: Block) -> list[Hum]:
        """The next (channels, n): the hums of the chunks that are full with them."""
        return self._read(block, last=False)

    def finish(self) -> list[Hum]:
        """The recording has ended: the hum of what is left."""
        found = self._read(np.zeros((len(self._waiting), 0), np.float32), last=True)
        rest = read_hum(self._waiting, self._start / RATE_HZ, self._harmonics, self._mains_hz)
        return found if rest is None else [*found, rest]

    def _read(self, block: Block, *, last: bool) -> list[Hum]:
        frames = self._stream.resample_chunk(np.ascontiguousarray(block.T), last=last)  # (n, channels)
        slow: NDArray[np.float32] = np.asarray(frames, np.float32).reshape(-1, len(self._waiting)).T
        self._waiting = np.concatenate([self._waiting, slow], axis=1)
        size, step = (round(length_s * RATE_HZ) for length_s in (_CHUNK_S, _CHUNK_S - _OVERLAP_S))
        found = []
        # The last chunk takes what would be too short for one of its own.
        while self._waiting.shape[1] >= size + step:
            found.append(read_hum(self._waiting[:, :size], self._start / RATE_HZ, self._harmonics, self._mains_hz))
            self._waiting, self._start = self._waiting[:, step:], self._start + step
        return [hum for hum in found if hum is not None]


def read_hums(signal: Signal, harmonics: int = 20, mains_hz: tuple[float, ...] = MAINS_HZ["auto"]) -> Iterator[Hum]:
    """The hum of each chunk of a signal that has one, in order; chunks overlap by 8 s."""
    reader = HumReader(signal.sample_rate, signal.channels, harmonics, mains_hz)
    for block in signal.blocks():
        yield from reader.accept(block)
    yield from reader.finish()
