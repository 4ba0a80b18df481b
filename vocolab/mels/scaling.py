"""From the filters' outputs to a mel's values, and back."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vocolab.mels.spec import MelSpec

Floats = NDArray[np.floating[Any]]


def compress(bands: Floats, spec: MelSpec) -> Floats:
    """A mel's values from the outputs of its filters, both (n_mels, frames) and of one dtype; see `MelSpec`."""
    logarithm = np.log if spec.log_base == "e" else np.log10
    values = logarithm(np.maximum(bands, bands.dtype.type(spec.clamp)))
    return finish(values, spec)


def finish(logarithms: Floats, spec: MelSpec) -> Floats:
    """A mel's values from clamped logarithms: gain, offset, clip and statistics."""
    values = logarithms
    if spec.log_gain != 1.0 or spec.log_offset != 0.0:
        values = spec.log_gain * values + spec.log_offset
    if spec.clip:
        values = np.clip(values, *spec.clip)
    if spec.mean or spec.scale:
        mean, scale = statistics(spec)
        values = (values - mean) / scale
    return values.astype(logarithms.dtype, copy=False)


def natural_log(values: Floats, spec: MelSpec) -> NDArray[np.float64]:
    """ln of the filters' outputs, from a mel's values (n_mels, frames).

    What the convention clamped or clipped stays at the level of the clamp or the clip.
    """
    mean, scale = statistics(spec)
    raw = np.asarray(values, dtype=np.float64) * scale + mean
    logarithms = (raw - spec.log_offset) / spec.log_gain
    return logarithms if spec.log_base == "e" else logarithms * math.log(10.0)


def statistics(spec: MelSpec) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean and scale of every band, as columns: 0 and 1 where the convention has none."""
    mean = np.zeros(spec.n_mels) if spec.mean is None else np.asarray(spec.mean)
    scale = np.ones(spec.n_mels) if spec.scale is None else np.asarray(spec.scale)
    return mean[:, None], scale[:, None]


def silence(spec: MelSpec, frames: int) -> NDArray[np.float32]:
    """The mel of digital silence, (n_mels, frames), in the values of its convention."""
    mean, scale = statistics(spec)
    return np.tile((spec.silence - mean) / scale, (1, frames)).astype(np.float32)
