"""Magnitudes the way that most toolkits find them: for comparisons."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vocolab.mels.filters import mel_filters, spectrum_gain
from vocolab.mels.scaling import natural_log
from vocolab.mels.spec import MelSpec


class PseudoInverse:
    """Magnitudes by the Moore-Penrose inverse of the mel filters, what is negative set to zero.

    It is the least-squares solution of least norm, which swings between the filters' centres, and no solution any more
    once its negative values are zeros. `MelInversion` is smooth between the centres, and exact.
    """

    def __init__(self, spec: MelSpec) -> None:
        self._spec = spec
        self._inverse = np.linalg.pinv(mel_filters(spec).astype(np.float64))

    def __call__(self, mel: NDArray[np.float32], first_frame: int = 0) -> NDArray[np.float32]:
        """Magnitudes of shape (frames, n_fft // 2 + 1) for a mel (n_mels, frames); `first_frame` changes nothing."""
        levels = np.exp(natural_log(mel, self._spec).astype(np.float64))
        spectrum = np.maximum(self._inverse @ levels, 0.0)
        magnitudes = spectrum ** (1.0 / self._spec.power) / spectrum_gain(self._spec)
        return np.ascontiguousarray(magnitudes.T, dtype=np.float32)
