"""A mel without the harmonics of its pitch: what the filters are made of where another pitch is to go through them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vocolab.mels.filters import hz_to_mel, mel_to_hz
from vocolab.mels.scaling import compress, natural_log
from vocolab.mels.spec import MelSpec

_CLASSES_AN_OCTAVE = 12
"""Frames are smoothed by the nearest of so many widths."""


def envelope(mel: NDArray[np.float32], f0_hz: NDArray[np.float32], spec: MelSpec) -> NDArray[np.float32]:
    """The mel (n_mels, frames), its levels averaged over one F0 to either side; unvoiced frames stay as they are.

    Low bands are narrower than the distance of a high voice's harmonics. Filters after such a mel let these harmonics
    through and no others.
    """
    levels = np.exp(natural_log(mel, spec))
    voiced = f0_hz > 0
    classes = np.zeros(f0_hz.shape, dtype=int)
    classes[voiced] = np.rint(_CLASSES_AN_OCTAVE * np.log2(f0_hz[voiced]))
    smooth = levels.copy()
    for index in np.unique(classes[voiced]):
        frames = voiced & (classes == index)
        smooth[:, frames] = _averages(spec, 2 ** (index / _CLASSES_AN_OCTAVE)) @ levels[:, frames]
    values = compress(smooth.astype(np.float32), spec).astype(np.float32)
    return np.where(voiced, values, mel)


def _averages(spec: MelSpec, width_hz: float) -> NDArray[np.float64]:
    """Triangular weights of bands around each band, (n_mels, n_mels), their rows summing to 1."""
    low, high = hz_to_mel(np.array([spec.fmin_hz, spec.fmax_hz]), spec.mel_scale)
    edges_hz = mel_to_hz(np.linspace(low, high, spec.n_mels + 2), spec.mel_scale)
    apart_hz = np.abs(edges_hz[1:-1, None] - edges_hz[None, 1:-1])
    weights = np.maximum(1 - apart_hz / width_hz, 0) * (edges_hz[2:] - edges_hz[:-2])
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))
