"""From the filters' outputs to a mel's values, and back: written once, for NumPy arrays and torch tensors alike."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from vocolab.errors import OptionError
from vocolab.mels.spec import MelSpec

if TYPE_CHECKING:
    from torch import Tensor

Floats = NDArray[np.floating[Any]]
Values = TypeVar("Values", Floats, "Tensor")
"""(..., n_mels, frames): one mel, or a batch of them."""

_LEAST = 1e-37
"""What a linear value of 0 counts as where its logarithm is asked for; float32 knows it."""


def compress(bands: Values, spec: MelSpec) -> Values:
    """A mel's values from the outputs of its filters, both (..., n_mels, frames) and of one dtype; see `MelSpec`."""
    return finish(logarithms(bands, spec), spec)


def logarithms(bands: Values, spec: MelSpec) -> Values:
    """Clamped outputs of the filters, and their logarithm where the convention takes one: any part of a mel."""
    clamped: Values = bands.clip(spec.clamp, None)
    if spec.log_base == "none":
        return clamped
    library = _library(bands)
    return cast("Values", library.log(clamped) if spec.log_base == "e" else library.log10(clamped))


def finish(levels: Values, spec: MelSpec) -> Values:
    """A mel's values from what `logarithms` gives of all of it: dynamic range, gain, offset, clip and statistics."""
    values: Any = levels
    if spec.dynamic_range is not None:
        values = _library(levels).maximum(values, _lowest(values, spec))
    if spec.log_gain != 1.0 or spec.log_offset != 0.0:
        values = spec.log_gain * values + spec.log_offset
    if spec.clip:
        values = values.clip(*spec.clip)
    if spec.mean:
        values = values - _column(spec.mean, levels)
    if spec.scale:
        values = values / _column(spec.scale, levels)
    return cast("Values", _of_dtype(values, levels))


def _lowest(levels: Any, spec: MelSpec) -> Any:
    """The least value that the loudest of each mel allows, (..., 1, 1)."""
    axes = (-2, -1)
    is_array = isinstance(levels, np.ndarray)
    loudest = levels.max(axis=axes, keepdims=True) if is_array else levels.amax(dim=axes, keepdim=True)
    assert spec.dynamic_range is not None
    return loudest * spec.dynamic_range if spec.log_base == "none" else loudest - spec.dynamic_range


def _library(values: Any) -> Any:
    """The module whose functions take these values."""
    if isinstance(values, np.ndarray):
        return np
    import torch

    return torch


def _column(numbers: tuple[float, ...], like: Any) -> Any:
    """A number for each band, as (n_mels, 1): in double precision for NumPy, whose results are rounded once."""
    if isinstance(like, np.ndarray):
        return np.asarray(numbers)[:, None]
    return like.new_tensor(numbers)[:, None]


def _of_dtype(values: Any, like: Any) -> Any:
    return values.astype(like.dtype, copy=False) if isinstance(like, np.ndarray) else values


def nats(spec: MelSpec) -> float:
    """The size of 1 of the convention's logarithm, in nats.

    Raises:
        OptionError: if it takes none.
    """
    if spec.log_base == "none":
        raise OptionError("mel convention: log_base is \"none\", and this takes mels of logarithms")
    return 1.0 if spec.log_base == "e" else math.log(10.0)


def least_log(spec: MelSpec) -> float:
    """ln of the clamp, or of what counts as 0 where there is none."""
    return math.log(spec.clamp or _LEAST)


def natural_log(values: Floats, spec: MelSpec) -> NDArray[np.float64]:
    """ln of the filters' outputs, from a mel's values (n_mels, frames).

    What the convention clamped or clipped stays at the level of the clamp or the clip.
    """
    mean, scale = statistics(spec)
    raw = np.asarray(values, dtype=np.float64) * scale + mean
    levels = (raw - spec.log_offset) / spec.log_gain
    if spec.log_base == "none":
        return np.asarray(np.log(np.maximum(levels, math.exp(least_log(spec)))))
    return levels * nats(spec)


def statistics(spec: MelSpec) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean and scale of every band, as columns: 0 and 1 where the convention has none."""
    mean = np.zeros(spec.n_mels) if spec.mean is None else np.asarray(spec.mean)
    scale = np.ones(spec.n_mels) if spec.scale is None else np.asarray(spec.scale)
    return mean[:, None], scale[:, None]


def silence(spec: MelSpec, frames: int) -> NDArray[np.float32]:
    """The mel of digital silence, (n_mels, frames), in the values of its convention."""
    mean, scale = statistics(spec)
    return np.tile((spec.silence - mean) / scale, (1, frames)).astype(np.float32)
