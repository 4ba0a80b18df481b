"""Power of a stream in short bins, from which every window of the meter follows.

    samples  ->  PowerBins: energy of every 10 ms  ->  window_powers: mean over 400 ms, 3 s ..., every 10 ms

Ten milliseconds are a number each: two hours are 6 MB. Windows are sums of non-negative bins, never differences of
running totals, so that a quiet passage after a loud one is read as it is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class PowerBins:
    """Energy of a stream, summed over weighted channels, in consecutive bins of `bin_ms`.

    Edges lie at the nearest whole sample, so that bins keep time at rates that they do not divide. A last incomplete
    bin counts in `energy` only.
    """

    def __init__(self, sample_rate: int, bin_ms: int, weights: Floats) -> None:
        self._rate_ms = sample_rate * bin_ms
        self._weights = weights
        self._squares = np.empty((len(weights), 0))
        self._open_bin = 0.0
        self._complete: list[Floats] = []
        self._n_complete = 0
        self.n_samples = 0
        """How many samples came."""

    def add(self, block: Floats) -> None:
        """Take the next (channels, n) samples."""
        start, self.n_samples = self.n_samples, self.n_samples + block.shape[1]
        if start == self.n_samples:
            return
        candidates = self._edges(np.arange(self._n_complete + 1, self.n_samples * 1000 // self._rate_ms + 2))
        ends = candidates[candidates <= self.n_samples] - start
        sums = np.zeros(len(ends) + 1)
        starts = np.concatenate([[0], ends[ends < block.shape[1]]])
        if self._squares.shape[1] < block.shape[1]:
            self._squares = np.empty_like(block)  # kept: fresh memory costs more than the squares
        squares = np.square(block, out=self._squares[:, : block.shape[1]])
        sums[: len(starts)] = self._weights @ np.add.reduceat(squares, starts, axis=1)
        sums[0] += self._open_bin
        self._open_bin = float(sums[-1])
        if ends.size:
            self._complete.append(sums[:-1])
            self._n_complete += len(ends)

    @property
    def energy(self) -> float:
        """The sum over all samples that came, also those after the last complete bin."""
        return float(sum(sums.sum() for sums in self._complete)) + self._open_bin

    def window_powers(self, n_bins: int, hop_bins: int = 1) -> Floats:
        """Mean power in windows of `n_bins` complete bins, one window from every `hop_bins`-th bin on."""
        if self._n_complete < n_bins:
            return np.zeros(0)
        energies = sliding_sum(np.concatenate(self._complete), n_bins)[::hop_bins]
        first = np.arange(len(energies)) * hop_bins
        return np.asarray(energies / (self._edges(first + n_bins) - self._edges(first)))

    def _edges(self, index: NDArray[np.int64]) -> NDArray[np.int64]:
        """The first sample of the bins of that index."""
        return np.asarray((index * self._rate_ms + 500) // 1000)


def sliding_sum(values: Floats, width: int) -> Floats:
    """Sums of `width` neighbours, one from every value on that has that many; `width` is at least 1.

    Neighbouring sums are joined, so that the cost grows with the logarithm of the width.
    """
    n_sums = len(values) - width + 1
    result = np.zeros(max(n_sums, 0))
    reach, joined, joined_width = 0, values, 1
    while n_sums > 0:
        if width & joined_width:
            result += joined[reach : reach + n_sums]
            reach += joined_width
        if reach == width:
            break
        joined = joined[:-joined_width] + joined[joined_width:]
        joined_width *= 2
    return result
