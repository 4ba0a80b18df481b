"""A signal at another rate, resampled while it is walked through."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import soxr
from numpy.typing import NDArray

from vocolab.signals import BLOCK_SAMPLES, DerivedSignal, Signal


class Resampled(DerivedSignal):
    """`signal` at `sample_rate` Hz, by soxr's HQ filters: round(n * new / old) samples."""

    def __init__(self, signal: Signal, sample_rate: int) -> None:
        n_samples = round(signal.n_samples * sample_rate / signal.sample_rate)
        super().__init__(signal, sample_rate=sample_rate, n_samples=n_samples)

    def blocks(self, block_samples: int = BLOCK_SAMPLES) -> Iterator[NDArray[np.float32]]:
        """Blocks of (channels, at most `block_samples`)."""
        missing = self.n_samples
        for block in self._resampled(block_samples):
            for start in range(0, block.shape[1], block_samples):
                piece = block[:, start : start + min(block_samples, missing)]
                missing -= piece.shape[1]
                if piece.shape[1]:
                    yield piece
        # soxr may stop a sample short of the rounded length.
        if missing:
            yield np.zeros((self.channels, missing), np.float32)

    def _resampled(self, block_samples: int) -> Iterator[NDArray[np.float32]]:
        stream = soxr.ResampleStream(
            self.source.sample_rate, self.sample_rate, self.channels, dtype="float32", quality="HQ"
        )
        for block in self.source.blocks(block_samples):
            yield self._push(stream, block, last=False)
        yield self._push(stream, np.zeros((self.channels, 0), np.float32), last=True)

    def _push(self, stream: soxr.ResampleStream, block: NDArray[np.float32], last: bool) -> NDArray[np.float32]:
        # (channels, n) -> (n, channels) and back
        frames = stream.resample_chunk(np.ascontiguousarray(block.T), last=last)
        return np.ascontiguousarray(np.asarray(frames, np.float32).reshape(-1, self.channels).T)
