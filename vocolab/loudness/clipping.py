"""Samples that were cut off at full scale."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

#: The highest sample of 16 bits, 32767 of 32768.
FULL_SCALE = np.float32(32767 / 32768)
#: A single sample at full scale is a peak that just fits; a waveform that was cut stays there.
SHORTEST_RUN_SAMPLES = 3


class ClippingCounter:
    """Counts samples of a stream at or over full scale that stand in runs of 3 or more of one sign in one channel.

    A waveform that was clipped and turned down afterwards is not recognised.
    """

    def __init__(self, channels: int) -> None:
        self._sign = np.zeros(channels, np.int8)
        self._run_samples = np.zeros(channels, np.int64)
        self.clipped_samples = 0
        """Over all channels."""

    def add(self, block: NDArray[np.float32], peak: float) -> None:
        """Take the next (channels, n) samples, n at least 1; `peak` is the highest magnitude among them."""
        if peak < FULL_SCALE:
            self._sign[:] = 0
            return
        for channel, samples in enumerate(block):
            self._add_channel(channel, samples)

    def _add_channel(self, channel: int, samples: NDArray[np.float32]) -> None:
        signs = (samples >= FULL_SCALE).astype(np.int8) - (samples <= -FULL_SCALE)
        starts = np.concatenate([[0], np.flatnonzero(np.diff(signs)) + 1])
        runs = np.diff(starts, append=len(signs))
        before = self._run_samples[channel] if signs[0] == self._sign[channel] != 0 else 0
        runs[0] += before
        clipped = runs[(signs[starts] != 0) & (runs >= SHORTEST_RUN_SAMPLES)].sum()
        counted_before = before if before >= SHORTEST_RUN_SAMPLES else 0
        self.clipped_samples += int(clipped - counted_before)
        self._sign[channel], self._run_samples[channel] = signs[-1], runs[-1]
