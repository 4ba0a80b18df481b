"""Samples that were cut off at full scale."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

#: The highest sample of 16 bits, 32767 of 32768.
FULL_SCALE = np.float32(32767 / 32768)
#: A single sample at full scale is a peak that just fits; a waveform that was cut stays there.
SHORTEST_RUN_SAMPLES = 3
# Dither moves a sample that was cut by one step of 16 bits.
_EQUAL = np.float32(1.5 / 32768)


class ClippingCounter:
    """Counts samples of a stream at or over full scale that stand in runs of 3 or more equal ones in one channel.

    Floating-point audio goes over full scale intact: its values differ there. A waveform that was clipped and turned
    down afterwards is not recognised.
    """

    def __init__(self, channels: int) -> None:
        self._last = np.zeros(channels, np.float32)
        """The value that may go on in the next block; 0 under full scale."""
        self._run_samples = np.zeros(channels, np.int64)
        self.clipped_samples = 0
        """Over all channels."""

    def add(self, block: NDArray[np.float32], peak: float) -> None:
        """Take the next (channels, n) samples, n at least 1; `peak` is the highest magnitude among them."""
        if peak < FULL_SCALE:
            self._last[:] = 0
            return
        for channel, samples in enumerate(block):
            self._add_channel(channel, samples)

    def _add_channel(self, channel: int, samples: NDArray[np.float32]) -> None:
        loud = np.where(np.abs(samples) >= FULL_SCALE, samples, np.float32(0))
        starts = np.concatenate([[0], np.flatnonzero(np.abs(np.diff(loud)) > _EQUAL) + 1])
        runs = np.diff(starts, append=len(loud))
        last = self._last[channel]
        before = self._run_samples[channel] if last != 0 and abs(loud[0] - last) <= _EQUAL else 0
        runs[0] += before
        clipped = runs[(loud[starts] != 0) & (runs >= SHORTEST_RUN_SAMPLES)].sum()
        counted_before = before if before >= SHORTEST_RUN_SAMPLES else 0
        self.clipped_samples += int(clipped - counted_before)
        self._last[channel], self._run_samples[channel] = loud[-1], runs[-1]
