"""Power of a stream in short bins, from which every window of the meter follows.

    samples  ->  PowerBins: energy of every 10 ms  ->  window_powers: mean over 400 ms, 3 s ..., every 10 ms

Ten milliseconds are a number each: two hours are 6 MB. Windows are sums of non-negative bins, never differences of
running totals, so that a quiet passage after a loud one is read as it is.
"""

from __future__ import annotations

from itertools import pairwise

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
        self._weights: list[float] = weights.tolist()
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
        ends = (candidates[candidates <= self.n_samples] - start).tolist()
        *complete, rest = (self._energy_of(block[:, begin:end]) for begin, end in pairwise([0, *ends, block.shape[1]]))
        if not complete:
            self._open_bin += rest
            return
        complete[0] += self._open_bin
        self._open_bin = rest
        self._complete.append(np.array(complete))
        self._n_complete += len(complete)

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

    def _energy_of(self, stretch: Floats) -> float:
        # A product of each channel with itself makes no copies and is several times as fast as squares and sums.
        return float(sum(weight * (channel @ channel) for weight, channel in zip(self._weights, stretch, strict=True)))

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
