"""A spectrogram in as many columns as a picture has."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from vocolab.block_buffers import Waiting

_WINDOW_S = 0.085
_OVERLAP = 2
_MOST_COLUMNS = 1600
_BANDS_AN_OCTAVE = 24
_LOWEST_HZ = 40.0


class Spectrogram:
    """Mean power over time in bands of a 24th of an octave, all channels together, in at most 1600 columns.

    Hann windows of about 85 ms that overlap by half. Where bands are narrower than the transform's bins, each has the
    power that is between its neighbours.

    Args:
        sample_rate: In Hz.
        channels: How many there are.
        n_samples: How long the stream will be.
    """

    def __init__(self, sample_rate: int, channels: int, n_samples: int) -> None:
        self._size = 2 ** round(math.log2(_WINDOW_S * sample_rate))
        hop = self._size // _OVERLAP
        self._window = np.hanning(self._size + 1)[:-1].astype(np.float32)
        self._waiting = Waiting(channels, self._size, hop)
        self._n_frames = max(1, (n_samples - self._size) // hop + 1)
        n_columns = min(self._n_frames, _MOST_COLUMNS)
        n_bands = int(_BANDS_AN_OCTAVE * math.log2(sample_rate / 2 / _LOWEST_HZ))
        edges_hz = _LOWEST_HZ * 2 ** (np.arange(n_bands + 1) / _BANDS_AN_OCTAVE)
        self.centres_hz = np.sqrt(edges_hz[:-1] * edges_hz[1:])
        """Of the bands."""
        self._edges = edges_hz * self._size / sample_rate
        self._powers = np.zeros((n_bands, n_columns))
        self._counts = np.zeros(n_columns, np.int64)
        self._frame = 0

    def add(self, block: NDArray[np.float32]) -> None:
        """Take the next (channels, n) samples."""
        for frame in self._waiting.windows(block):
            self._add_frame(frame)

    def levels_db(self) -> NDArray[np.float64]:
        """(bands, columns): power density, a bin of a full-scale sine at about 0; silence is -inf.

        The stream ends here.
        """
        if not self._frame:  # shorter than a window: it stands at its beginning
            missing = self._size - self._waiting.samples.shape[1]
            self._add_frame(np.pad(self._waiting.samples, ((0, 0), (0, missing))))
        with np.errstate(divide="ignore"):
            return np.asarray(10 * np.log10(self._powers / np.maximum(self._counts, 1)))

    def _add_frame(self, frame: NDArray[np.float32]) -> None:
        column = min(self._frame, self._n_frames - 1) * self._counts.size // self._n_frames
        spectra = np.fft.rfft(frame * self._window)
        powers = np.mean(spectra.real**2 + spectra.imag**2, axis=0) * (4 / self._window.sum() ** 2)
        # The integral between the edges of a band over its width: a mean of bins, or between two of them.
        below = np.concatenate([[0.0], np.cumsum(powers)])
        at_edges = np.interp(self._edges + 0.5, np.arange(len(below)), below)
        self._powers[:, column] += np.diff(at_edges) / np.diff(self._edges)
        self._counts[column] += 1
        self._frame += 1
