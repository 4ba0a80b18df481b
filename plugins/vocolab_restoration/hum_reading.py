"""The hum of a recording of any length: chunk by chunk, each measured apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

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


@dataclass(frozen=True, eq=False)
class Chunk:
    """A stretch of a recording, and its hum."""

    samples: NDArray[np.float32]
    """(channels, n) at `RATE_HZ`, up to where the next chunk begins."""
    start: int
    """Of its first sample, at that rate."""
    hum: Hum | None

    @property
    def without_hum(self) -> NDArray[np.float32]:
        """Its samples less the lines."""
        if self.hum is None:
            return self.samples
        channels, n_samples = self.samples.shape
        lines = [self.hum.samples(channel, self.start, n_samples, RATE_HZ) for channel in range(channels)]
        return np.asarray(self.samples - np.stack(lines), np.float32)


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
        return [chunk.hum for chunk in self.chunks(block) if chunk.hum is not None]

    def finish(self) -> list[Hum]:
        """The recording has ended: the hum of what is left."""
        return [chunk.hum for chunk in self.last_chunks() if chunk.hum is not None]

    def chunks(self, block: Block) -> Iterator[Chunk]:
        """The next (channels, n): the chunks that are full with them, whether or not they hum."""
        return self._chunks(block, last=False)

    def last_chunks(self) -> Iterator[Chunk]:
        """The recording has ended: what is left."""
        yield from self._chunks(np.zeros((len(self._waiting), 0), np.float32), last=True)
        yield self._chunk(self._waiting.shape[1], self._waiting.shape[1])

    def _chunks(self, block: Block, *, last: bool) -> Iterator[Chunk]:
        frames = self._stream.resample_chunk(np.ascontiguousarray(block.T), last=last)  # (n, channels)
        slow: NDArray[np.float32] = np.asarray(frames, np.float32).reshape(-1, len(self._waiting)).T
        self._waiting = np.concatenate([self._waiting, slow], axis=1)
        size, step = (round(length_s * RATE_HZ) for length_s in (_CHUNK_S, _CHUNK_S - _OVERLAP_S))
        # The last chunk takes what would be too short for one of its own.
        while self._waiting.shape[1] >= size + step:
            yield self._chunk(size, step)
            self._waiting, self._start = self._waiting[:, step:], self._start + step

    def _chunk(self, size: int, step: int) -> Chunk:
        """The hum of `size` waiting samples, of which `step` are not in the next chunk."""
        hum = read_hum(self._waiting[:, :size], self._start / RATE_HZ, self._harmonics, self._mains_hz)
        return Chunk(self._waiting[:, :step], self._start, hum)


def read_hums(signal: Signal, harmonics: int = 20, mains_hz: tuple[float, ...] = MAINS_HZ["auto"]) -> Iterator[Hum]:
    """The hum of each chunk of a signal that has one, in order; chunks overlap by 8 s."""
    reader = HumReader(signal.sample_rate, signal.channels, harmonics, mains_hz)
    for block in signal.blocks():
        yield from reader.accept(block)
    yield from reader.finish()
