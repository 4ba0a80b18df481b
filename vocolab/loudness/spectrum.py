"""The average spectrum of a stream."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from vocolab.block_buffers import Waiting

_SEGMENT_S = 0.17
_BANDS_AN_OCTAVE = 6
_LOWEST_HZ = 20.0


class Spectrum:
    """Mean power spectrum over a stream and over its channels, by Welch's method (P. D. Welch, IEEE TAE 15(2), 1967).

    Hann windows of about 0.17 s that overlap by half; a shorter stream stands in the middle of one.
    """

    def __init__(self, sample_rate: int, channels: int) -> None:
        self._rate = sample_rate
        self._size = 2 ** round(math.log2(_SEGMENT_S * sample_rate))
        self._window = np.hanning(self._size + 1)[:-1].astype(np.float32)
        self._waiting = Waiting(channels, self._size, self._size // 2)
        self._power = np.zeros(self._size // 2 + 1)
        self._n_segments = 0

    def add(self, block: NDArray[np.float32]) -> None:
        """Take the next (channels, n) samples."""
        for segment in self._waiting.windows(block):
            self._add_segment(segment)

    def bands(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Centres in Hz and power of sixths of an octave from 20 Hz up; full scale is 1, so a full sine has 0.5.

        The stream ends here.
        """
        if not self._n_segments:
            missing = self._size - self._waiting.samples.shape[1]
            self._add_segment(np.pad(self._waiting.samples, ((0, 0), (missing // 2, missing - missing // 2))))
        n_bands = int(_BANDS_AN_OCTAVE * math.log2(self._rate / 2 / _LOWEST_HZ))
        edges_hz = _LOWEST_HZ * 2 ** (np.arange(n_bands + 1) / _BANDS_AN_OCTAVE)
        # One side of the spectrum holds half of the power; a window takes its own away.
        scale = 2 / (self._n_segments * self._size * float(np.square(self._window).sum()))
        below = np.concatenate([[0.0], np.cumsum(self._power * scale)])
        upper_edges_hz = (np.arange(len(below)) - 0.5) * self._rate / self._size
        powers = np.diff(np.interp(edges_hz, upper_edges_hz, below))
        return np.sqrt(edges_hz[:-1] * edges_hz[1:]), powers

    def _add_segment(self, segment: NDArray[np.float32]) -> None:
        spectra = np.fft.rfft(segment * self._window)
        self._power += np.mean(spectra.real**2 + spectra.imag**2, axis=0)
        self._n_segments += 1
