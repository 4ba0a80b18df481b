"""From magnitudes to the gains that bring their bands to a mel."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vocolab.mels.filters import mel_filters, spectrum_gain
from vocolab.mels.scaling import natural_log
from vocolab.mels.spec import MelSpec

MOST_NATS = 3.0
"""Of one round's correction: 26 dB."""


class Bands:
    """The bands of a mel convention.

    Above its highest filter nothing is compared: the bins from `bins` on keep what they have.

    Products are dense: the filters are nine tenths zeros, and still a sparse product takes longer for the few frames of
    a stream's block.
    """

    def __init__(self, spec: MelSpec) -> None:
        self.spec = spec
        filters = mel_filters(spec)
        self.bins = int(np.flatnonzero(filters.any(axis=0))[-1]) + 1
        filters = filters[:, : self.bins]
        total = filters.sum(axis=0)
        self._spread = np.divide(filters, total, out=np.zeros_like(filters), where=total > 0)
        self._filters = np.ascontiguousarray(filters.T) * np.float32(spectrum_gain(spec) ** spec.power)
        self._floor = np.float32(spec.clamp)

    def wanted(self, mel: NDArray[np.float32]) -> NDArray[np.float32]:
        """The natural logarithms of the bands, (frames, n_mels)."""
        return np.ascontiguousarray(natural_log(mel, self.spec).T, dtype=np.float32)

    def gains(
        self, spectra: NDArray[np.complex64], wanted: NDArray[np.float32], relaxation: float
    ) -> NDArray[np.float32]:
        """Factors (frames, bins) for spectra (frames, bins) up to `bins`, of `relaxation` times the difference."""
        parts = spectra.view(np.float32)
        squares = np.square(parts[:, ::2])
        squares += np.square(parts[:, 1::2])
        if self.spec.power != 2.0:
            np.sqrt(squares, out=squares)
            if self.spec.power != 1.0:
                squares **= np.float32(self.spec.power)
        apart = squares @ self._filters
        np.log(np.maximum(apart, self._floor, out=apart), out=apart)
        np.subtract(wanted, apart, out=apart)
        np.clip(apart, -MOST_NATS, MOST_NATS, out=apart)
        apart *= np.float32(relaxation / self.spec.power)
        gains: NDArray[np.float32] = apart @ self._spread
        return np.exp(gains, out=gains)
