"""Rows of partials as a mel would show them: what voiced frames are compared with.

A row is partials of equal strength, equally far apart in Hz, as the window spreads them over the bins. Its shape is
what is left of its logarithm in the bands once the smooth course over them is taken away: an envelope of formants
goes, and peaks and valleys stay.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from vocolab.mels.filters import analysis_window, mel_filters
from vocolab.mels.spec import MelSpec

Values: TypeAlias = NDArray[np.float32]

SPACINGS_HZ = np.geomspace(65.0, 600.0, 184)
"""A step is 1.2 %: less than harmonics move in a frame of a speaking voice."""
HARMONIC = (0.0,)
SHIFTED = tuple(i / 8 for i in range(8))
"""Where the first partial of other rows stands, in spacings: those of a clarinet, of a voice that was shifted in Hz."""
_LOWER_SHARE = 0.55
"""Bands above are too wide for the partials of a voice to be seen apart."""
_HIGHEST_HZ = 5500.0
_LOBE_BINS = 6
_OVERSAMPLING = 16
_FLOOR = 0.01
_LEAST_AREA = 0.8
_LEAST = 1e-9


@lru_cache(maxsize=64)
def shows_partials(spec: MelSpec) -> bool:
    """Whether the lower filters are wide enough for the bins: narrower ones have bins by chance, or none."""
    areas = mel_filters(replace(spec, filter_norm="slaney"))[: int(_LOWER_SHARE * spec.n_mels)].sum(axis=1)
    return bool(areas.min() > _LEAST_AREA * np.median(areas))


def rough_levels(levels: NDArray[np.float64]) -> Values:
    """Natural logarithms of magnitudes (n_mels, frames) less their smooth course, as (frames, lower bands).

    The same for all conventions of so many bands: what `shapes` begins with.
    """
    return np.asarray(levels.T @ _roughness(len(levels)).T, np.float32)


def shapes(rough: Values, spec: MelSpec) -> Values:
    """The shape (frames, bands) of frames of which that is left, of length 1."""
    return _of_length_1(rough - _rough_areas(spec))


@lru_cache(maxsize=64)
def row_shapes(spec: MelSpec, shifts: tuple[float, ...] = HARMONIC, mirrored: bool = False) -> Values:
    """The shapes (rows, bands) of rows of each spacing at each shift; `mirrored`: on both sides of each harmonic."""
    signs = (1.0, -1.0) if mirrored else (1.0,)
    spectra = [_spectra(spec.sample_rate, spec.n_fft, _window_of(spec), tuple(sign * shift for sign in signs))
               for shift in shifts]
    bands = np.concatenate(spectra) ** spec.power @ mel_filters(spec).T.astype(np.float64)
    levels = np.log(np.maximum(bands, _LEAST)) / spec.power - _area_levels(spec)
    return _of_length_1(np.asarray(levels @ _roughness(spec.n_mels).T, np.float32))


def _window_of(spec: MelSpec) -> tuple[float, ...]:
    """The window's spectrum from its middle on, `_OVERSAMPLING` values a bin, for magnitudes of 1."""
    window = analysis_window(spec).astype(np.float64)
    lobe = np.abs(np.fft.rfft(window, spec.n_fft * _OVERSAMPLING))[: (_LOBE_BINS + 1) * _OVERSAMPLING + 1]
    return tuple(lobe / lobe[0])


@lru_cache(maxsize=64)
def _spectra(sample_rate: int, n_fft: int, window: tuple[float, ...], shifts: tuple[float, ...]) -> NDArray[np.float64]:
    """Magnitudes (spacings, bins) of rows whose partials stand at each of these shifts from each harmonic."""
    lobe, bin_hz, bins = np.array(window), sample_rate / n_fft, n_fft // 2 + 1
    power = np.zeros((SPACINGS_HZ.size, bins))
    for row, spacing_hz in zip(power, SPACINGS_HZ, strict=True):
        numbers = np.arange(0.0, _HIGHEST_HZ / spacing_hz)
        partials = np.concatenate([spacing_hz * (numbers + shift) for shift in shifts]) / bin_hz
        partials = partials[(partials > 0.5 * SPACINGS_HZ[0] / bin_hz) & (partials < bins - 1)]
        places = np.round(partials).astype(int)[:, None] + np.arange(-_LOBE_BINS, _LOBE_BINS + 1)
        values = lobe[np.round(np.abs(places - partials[:, None]) * _OVERSAMPLING).astype(int)] ** 2
        inside = (places >= 0) & (places < bins)
        np.add.at(row, places[inside], values[inside])
    return np.sqrt(power) + _FLOOR


@lru_cache(maxsize=64)
def _area_levels(spec: MelSpec) -> NDArray[np.float64]:
    areas = mel_filters(spec).astype(np.float64).sum(axis=1)
    return np.asarray(np.log(np.maximum(areas, _LEAST)) / spec.power)


@lru_cache(maxsize=64)
def _rough_areas(spec: MelSpec) -> Values:
    return np.asarray(_roughness(spec.n_mels) @ _area_levels(spec), np.float32)


@lru_cache(maxsize=8)
def _roughness(n_mels: int) -> NDArray[np.float64]:
    """A matrix that takes the mean over its neighbours from each of the lower bands."""
    index = np.arange(n_mels)
    near = (np.abs(index[:, None] - index) <= n_mels // 12).astype(np.float64)
    rough = np.eye(n_mels) - near / near.sum(axis=1, keepdims=True)
    return np.asarray(rough[: int(_LOWER_SHARE * n_mels)])


def _of_length_1(rows: Values) -> Values:
    lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows))
    return np.asarray(rows / np.maximum(lengths, np.float32(_LEAST))[:, None])
