"""From weighted samples to LUFS: power in bins, sliding windows over them, and the two gates of BS.1770-5, annex 1.

    samples  ->  PowerBins: energy of every 100 ms  ->  window_powers: mean over 400 ms, each 100 ms  ->  gated_lufs

Momentary and short-term loudness are other windows over such bins.
"""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from vocolab.errors import AudioError

#: Full scale to loudness: a 997 Hz sine of 0 dBFS in one front channel reads -3.01 LUFS.
OFFSET_LU = -0.691
ABSOLUTE_GATE_LUFS = -70.0
RELATIVE_GATE_LU = -10.0
_SURROUND = 1.41  # BS.1770-5, annex 1, table 3
#: Weights by channel count, in the order that WAV and FLAC have: L R C LFE Ls Rs. The LFE channel never counts.
_WEIGHTS: dict[int, tuple[float, ...]] = {
    1: (1.0,),
    2: (1.0, 1.0),
    3: (1.0, 1.0, 1.0),
    4: (1.0, 1.0, _SURROUND, _SURROUND),
    5: (1.0, 1.0, 1.0, _SURROUND, _SURROUND),
    6: (1.0, 1.0, 1.0, 0.0, _SURROUND, _SURROUND),
}


def channel_weights(channels: int) -> NDArray[np.float64]:
    """The weight of each channel: mono, stereo, L R C, quad, 5.0 or 5.1.

    Raises:
        AudioError: for any other number of channels.
    """
    if channels not in _WEIGHTS:
        raise AudioError(f"loudness is measured of 1 to 6 channels, not {channels}; mix down first")
    return np.array(_WEIGHTS[channels])


class PowerBins:
    """Energy of a stream in consecutive bins of `bin_ms`, a channel each; a last incomplete bin is not counted.

    Edges lie at the nearest whole sample, so that bins keep time at rates that they do not divide.
    """

    def __init__(self, sample_rate: int, channels: int, bin_ms: int) -> None:
        self._rate_ms = sample_rate * bin_ms
        self._seen_samples = 0
        self._open_bin = np.zeros((channels, 1))
        self._complete: list[NDArray[np.float64]] = []
        self._n_complete = 0

    def add(self, block: NDArray[np.float64]) -> None:
        """Take the next (channels, n) samples."""
        start, self._seen_samples = self._seen_samples, self._seen_samples + block.shape[1]
        if start == self._seen_samples:
            return
        candidates = self.edges(np.arange(self._n_complete + 1, self._seen_samples * 1000 // self._rate_ms + 2))
        ends = candidates[candidates <= self._seen_samples] - start
        sums = _sums_between(np.square(block), ends)
        sums[:, :1] += self._open_bin
        self._complete.append(sums[:, :-1])
        self._n_complete += len(ends)
        self._open_bin = sums[:, -1:]

    def edges(self, index: NDArray[np.int64]) -> NDArray[np.int64]:
        """The first sample of the bins of that index."""
        return np.asarray((index * self._rate_ms + 500) // 1000)

    def window_powers(self, n_bins: int) -> NDArray[np.float64]:
        """Mean power (channels, windows) in windows of `n_bins` bins, one window starting at every bin."""
        n_windows = self._n_complete - n_bins + 1
        if n_windows < 1:
            return np.zeros((len(self._open_bin), 0))
        energy = np.concatenate(self._complete, axis=1)
        window_energy = np.lib.stride_tricks.sliding_window_view(energy, n_bins, axis=1).sum(axis=-1)
        first = np.arange(n_windows)
        return np.asarray(window_energy / (self.edges(first + n_bins) - self.edges(first)))


def lufs(power: float) -> float:
    """Loudness of a weighted power above 0, BS.1770-5 equation 2."""
    return OFFSET_LU + 10 * math.log10(power)


def gated_lufs(powers: NDArray[np.float64]) -> float | None:
    """Integrated loudness of weighted block powers (blocks,), equations 5 to 7; None where nothing passes the gate."""
    loud = powers[powers > 10 ** ((ABSOLUTE_GATE_LUFS - OFFSET_LU) / 10)]
    if not loud.size:
        return None
    gate = loud.mean() * 10 ** (RELATIVE_GATE_LU / 10)
    return lufs(float(loud[loud > gate].mean()))


def _sums_between(values: NDArray[np.float64], ends: NDArray[np.int64]) -> NDArray[np.float64]:
    """Sums (channels, len(ends) + 1) of the stretches that end before `ends`, and of what is left after them."""
    bounds = np.concatenate([[0], ends, [values.shape[1]]])
    sums = [values[:, begin:end].sum(axis=1) for begin, end in pairwise(bounds)]
    return np.stack(sums, axis=1)
