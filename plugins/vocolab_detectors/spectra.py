"""Power spectra of a stream, frame after frame, however it is cut."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.fft import rfft

from vocolab.block_buffers import Waiting

Powers = NDArray[np.float64]
_MOST_FRAMES = 256
"""Transformed at once."""


class PowerFrames:
    """Hann windows of about `window_s`, one after the other by a hop, and the power of all channels in each bin.

    Args:
        sample_rate: In Hz.
        channels: How many there are.
        window_s: Length of a window; the power of two next to it is taken.
        overlap: How many windows each sample is in.
    """

    def __init__(self, sample_rate: int, channels: int, window_s: float, overlap: int = 1) -> None:
        self.size = 2 ** round(math.log2(window_s * sample_rate))
        self.hop = self.size // overlap
        self.frequency_hz = np.arange(self.size // 2 + 1) * sample_rate / self.size
        self._window = np.hanning(self.size + 1)[:-1].astype(np.float32)
        self._scale = 2.0 / (self.size * float(np.square(self._window).sum()))
        self._waiting = Waiting(channels, self.size, self.hop)

    def of(self, block: NDArray[np.float32]) -> list[Powers]:
        """(frames, bins) in a list of a few arrays: power a channel, so that a full-scale sine has 0.5 in all bins."""
        windows = self._waiting.windows(block)
        return [self._powers(np.stack(windows[start : start + _MOST_FRAMES]))
                for start in range(0, len(windows), _MOST_FRAMES)]

    def _powers(self, frames: NDArray[np.float32]) -> Powers:
        spectra = rfft(frames * self._window, axis=-1)
        powers = np.square(spectra.real, dtype=np.float64) + np.square(spectra.imag, dtype=np.float64)
        return np.asarray(powers.mean(axis=1) * self._scale)
