"""Spectral magnitudes from mel spectrograms."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from vocolab.mels.filters import mel_filters, spectrum_gain
from vocolab.mels.scaling import natural_log, silence
from vocolab.mels.spec import MelSpec

# Frames that go through the matrices together. A product may round an element by where it stands in a matrix, so blocks
# have one size and lie on a fixed grid of absolute frames: a frame comes out the same, bit for bit, in whichever chunk.
_BLOCK_FRAMES = 64
STEPS = 12
"""Mels of speech come out within 0.001 nat; more steps sharpen single bins, and Griffin-Lim gets no better by it."""
_TINY = 1e-30
_AT_SILENCE = 1.001
"""Levels up to this many times that of silence are taken for silence: float32 values are not more exact."""


class MelInversion:
    """Finds magnitudes >= 0 whose mel is the given one.

    It begins with every bin at the mean of its filters' levels, or with magnitudes that are given, and corrects that by
    the ratio of wanted to reached levels, as Richardson (1972) and Lucy (1974) do for pictures. Unlike a pseudo-inverse
    that keeps all bins positive. From a mean it comes to what is as smooth over frequency as the filters leave it; from
    given magnitudes it changes these as smoothly as the filters allow.
    """

    def __init__(self, spec: MelSpec) -> None:
        self._spec = spec
        filters = mel_filters(spec).astype(np.float64)
        # A filter narrower than the bins' spacing may hold none; nothing can be said of its level.
        area = filters.sum(axis=1, keepdims=True)
        means = np.divide(filters, area, out=np.zeros_like(filters), where=area > 0)
        self._area = area
        weight = means.sum(axis=0)
        share = np.divide(means, weight, out=np.zeros_like(filters), where=weight > 0)
        # Filters overlap their neighbours only: all but two of a bin's weights are 0.
        self._filters, self._spread = csr_array(means), csr_array(share.T)
        self._unheard = weight == 0
        self._silence = self._mean_levels(np.exp(natural_log(silence(spec, 1), spec)))

    def __call__(self, mel: NDArray[np.float32], first_frame: int = 0) -> NDArray[np.float32]:
        """Magnitudes of shape (frames, n_fft // 2 + 1) for a mel (n_mels, frames); 0 where no filter reaches."""
        return self._by_blocks(mel, first_frame, None)

    def corrected(
        self, magnitudes: NDArray[np.float32], mel: NDArray[np.float32], first_frame: int = 0
    ) -> NDArray[np.float32]:
        """Magnitudes (frames, n_fft // 2 + 1) changed so that they have the mel (n_mels, frames).

        They stay as they are where no filter reaches. A band for which the mel says silence is lowered to that level
        where it is above it, and never raised: a mel does not say what lies under its floor.
        """
        return self._by_blocks(mel, first_frame, magnitudes)

    def _by_blocks(
        self, mel: NDArray[np.float32], first_frame: int, begin: NDArray[np.float32] | None
    ) -> NDArray[np.float32]:
        frames = mel.shape[1]
        magnitudes = np.empty((frames, self._spread.shape[0]), dtype=np.float32)
        for block in range(-(first_frame % _BLOCK_FRAMES), frames, _BLOCK_FRAMES):
            low, high = max(block, 0), min(block + _BLOCK_FRAMES, frames)
            place = slice(low - block, high - block)
            levels = np.zeros((mel.shape[0], _BLOCK_FRAMES))
            levels[:, place] = np.exp(natural_log(mel[:, low:high], self._spec))
            if begin is None:
                magnitudes[low:high] = self._from_means(levels)[:, place].T
            else:
                given = np.zeros((magnitudes.shape[1], _BLOCK_FRAMES))
                given[:, place] = begin[low:high].T
                magnitudes[low:high] = self._from_given(levels, given)[:, place].T
        return magnitudes

    def _mean_levels(self, levels: NDArray[np.float64]) -> NDArray[np.float64]:
        """Levels that the bins of each band have in the mean."""
        means: NDArray[np.float64] = np.divide(levels, self._area, out=np.zeros_like(levels), where=self._area > 0)
        return means

    def _from_means(self, levels: NDArray[np.float64]) -> NDArray[np.float64]:
        wanted = self._mean_levels(levels)
        spectrum = self._spread @ wanted
        for _ in range(STEPS):
            spectrum *= self._spread @ (wanted / np.maximum(self._filters @ spectrum, _TINY))
        return self._as_magnitudes(spectrum)

    def _from_given(self, levels: NDArray[np.float64], given: NDArray[np.float64]) -> NDArray[np.float64]:
        wanted = self._mean_levels(levels)
        silent = wanted <= self._silence * _AT_SILENCE
        spectrum = given * spectrum_gain(self._spec)
        if self._spec.power != 1.0:
            spectrum **= self._spec.power
        for _ in range(STEPS):
            ratio = wanted / np.maximum(self._filters @ spectrum, _TINY)
            np.minimum(ratio, 1.0, out=ratio, where=silent)
            spectrum *= self._spread @ ratio
        spectrum[self._unheard] = 0.0
        magnitudes = self._as_magnitudes(spectrum)
        magnitudes[self._unheard] = given[self._unheard]
        return magnitudes

    def _as_magnitudes(self, spectrum: NDArray[np.float64]) -> NDArray[np.float64]:
        magnitudes = spectrum / spectrum_gain(self._spec)
        if self._spec.power != 1.0:
            magnitudes = spectrum ** (1.0 / self._spec.power) / spectrum_gain(self._spec)
        return magnitudes
