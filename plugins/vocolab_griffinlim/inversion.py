"""Spectral magnitudes from mel spectrograms."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vocolab.mels.filters import mel_filters, spectrum_gain
from vocolab.mels.scaling import natural_log
from vocolab.mels.spec import MelSpec

# Frames that go through the matrices together. BLAS rounds an element by where it stands in a matrix, so blocks have
# one size and lie on a fixed grid of absolute frames: a frame comes out the same, bit for bit, in whichever chunk.
_BLOCK_FRAMES = 64
# Mels of speech come out within 0.001 nat; more steps sharpen single bins, and Griffin-Lim gets no better by it.
_STEPS = 12
_TINY = 1e-30


class MelInversion:
    """Finds magnitudes >= 0 whose mel is the given one, as smooth over frequency as the filters leave them.

    It begins with every bin at the mean of its filters' levels and corrects that by the ratio of wanted to reached
    levels, as Richardson (1972) and Lucy (1974) do for pictures. Unlike a pseudo-inverse that keeps all bins positive.
    """

    def __init__(self, spec: MelSpec) -> None:
        self._spec = spec
        filters = mel_filters(spec).astype(np.float64)
        # A filter narrower than the bins' spacing may hold none; nothing can be said of its level.
        area = filters.sum(axis=1, keepdims=True)
        self._filters = np.divide(filters, area, out=np.zeros_like(filters), where=area > 0)
        self._area = area
        weight = self._filters.sum(axis=0)
        share = np.divide(self._filters, weight, out=np.zeros_like(filters), where=weight > 0)
        self._spread = np.ascontiguousarray(share.T)

    def __call__(self, mel: NDArray[np.float32], first_frame: int = 0) -> NDArray[np.float32]:
        """Magnitudes of shape (frames, n_fft // 2 + 1) for a mel (n_mels, frames); 0 where no filter reaches."""
        frames = mel.shape[1]
        magnitudes = np.empty((frames, self._spread.shape[0]), dtype=np.float32)
        start = -(first_frame % _BLOCK_FRAMES)
        for block in range(start, frames, _BLOCK_FRAMES):
            low, high = max(block, 0), min(block + _BLOCK_FRAMES, frames)
            levels = np.zeros((mel.shape[0], _BLOCK_FRAMES))
            levels[:, low - block : high - block] = np.exp(natural_log(mel[:, low:high], self._spec))
            magnitudes[low:high] = self._block(levels)[:, low - block : high - block].T
        return magnitudes

    def _block(self, levels: NDArray[np.float64]) -> NDArray[np.float64]:
        wanted = np.divide(levels, self._area, out=np.zeros_like(levels), where=self._area > 0)
        spectrum = self._spread @ wanted
        for _ in range(_STEPS):
            spectrum *= self._spread @ (wanted / np.maximum(self._filters @ spectrum, _TINY))
        return np.asarray(spectrum ** (1.0 / self._spec.power) / spectrum_gain(self._spec))
