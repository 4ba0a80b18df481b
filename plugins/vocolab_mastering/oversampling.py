"""To a multiple of the rate and back, over a stream, by linear-phase filters.

A polyphase filter over many samples at once is one product with a banded matrix, which is several times as fast as
scipy's polyphase filter.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy.signal import firwin

from vocolab.block_buffers import Past
from vocolab.effects import Block

#: Input samples on either side that the filter reaches; also its delay in samples at the lower rate.
REACH_SAMPLES = 36
_SEGMENT_SAMPLES = 32
_CUTOFF_OF_RATE = 0.46  # 100 dB down from half the rate on: what would fold back is gone
_KAISER_BETA = 10.0


class Upsampler:
    """(channels, n) to (channels, factor * n), `REACH_SAMPLES` samples late at the lower rate."""

    def __init__(self, factor: int, channels: int) -> None:
        self._factor = factor
        self._matrix = _up_matrix(factor)
        self._past = Past(2 * REACH_SAMPLES, channels)

    def process(self, block: Block) -> Block:
        """The next block at the higher rate."""
        return _banded(self._past.before(block), self._matrix, _SEGMENT_SAMPLES)[:, : block.shape[1] * self._factor]


class Downsampler:
    """(channels, factor * n) to (channels, n), `REACH_SAMPLES` samples late at the lower rate."""

    def __init__(self, factor: int, channels: int) -> None:
        self._factor = factor
        self._matrix = _down_matrix(factor)
        self._past = Past(2 * REACH_SAMPLES * factor, channels)

    def process(self, block: Block) -> Block:
        """The next block at the lower rate; its length has to be a multiple of the factor."""
        joined = self._past.before(block)
        return _banded(joined, self._matrix, _SEGMENT_SAMPLES * self._factor)[:, : block.shape[1] // self._factor]


def _banded(values: Block, matrix: NDArray[np.float32], step: int) -> Block:
    """Stretches of `values` that start every `step` samples, each times the matrix, joined again."""
    length = len(matrix)
    n_segments = -(-(values.shape[1] - (length - step)) // step)
    padded = np.pad(values, ((0, 0), (0, n_segments * step + length - step - values.shape[1])))
    segments = sliding_window_view(padded, length, axis=1)[:, ::step]  # (channels, segments, length)
    # Stretches that overlap are no matrix to BLAS: they are copied apart, all in one product.
    return np.asarray(segments.reshape(-1, length) @ matrix).reshape(len(values), -1)


@lru_cache(maxsize=4)
def _taps(factor: int) -> NDArray[np.float64]:
    """A low-pass at the higher rate, of 2 * REACH_SAMPLES * factor + 1 taps that sum to 1."""
    return np.asarray(
        firwin(2 * REACH_SAMPLES * factor + 1, 2 * _CUTOFF_OF_RATE / factor, window=("kaiser", _KAISER_BETA))
    )


@lru_cache(maxsize=4)
def _up_matrix(factor: int) -> NDArray[np.float32]:
    """(inputs, outputs) of a segment: every tap at its place, `factor` times as high since zeros lie between."""
    taps = factor * _taps(factor)
    n_inputs = _SEGMENT_SAMPLES + 2 * REACH_SAMPLES
    matrix = np.zeros((n_inputs, _SEGMENT_SAMPLES * factor), np.float32)
    # Output m is the sum over inputs i of taps[m - factor * (i - 2 * REACH)].
    for i in range(n_inputs):
        start = factor * (i - 2 * REACH_SAMPLES)
        first, last = max(start, 0), min(start + len(taps), matrix.shape[1])
        matrix[i, first:last] = taps[first - start : last - start]
    return matrix


@lru_cache(maxsize=4)
def _down_matrix(factor: int) -> NDArray[np.float32]:
    """(inputs, outputs) of a segment: output j is the filter's value at the segment's sample factor * j."""
    taps = _taps(factor)
    matrix = np.zeros(((_SEGMENT_SAMPLES + 2 * REACH_SAMPLES) * factor, _SEGMENT_SAMPLES), np.float32)
    for j in range(_SEGMENT_SAMPLES):
        matrix[j * factor : j * factor + len(taps), j] = taps
    return matrix
