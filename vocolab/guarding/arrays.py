"""Arrays on their way into a plugin and out of it."""

from __future__ import annotations

import math
import sys
import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vocolab.errors import InputError
from vocolab.guarding.calls import broken
from vocolab.guarding.origins import Origin

_told: list[bool] = []


def read_only(values: NDArray[Any]) -> NDArray[Any]:
    """The same values, of which nobody can write one."""
    _spend_torchs_warning()
    view = values.view()
    view.flags.writeable = False
    return view


def checked_samples(given: object, wanted: tuple[int, ...], origin: Origin, rule: str) -> NDArray[np.float32]:
    """Samples that a plugin gave, as float32; floats of another width are converted.

    Args:
        given: What it gave.
        wanted: The shape that it has to have.
        origin: Who gave it.
        rule: What the contract says of that shape.

    Raises:
        PluginError: if it is no array, of no floats, or of another shape.
    """
    if not isinstance(given, np.ndarray):
        raise broken(origin, f"gave {type(given).__name__}, and has to give a NumPy array")
    if given.dtype.kind != "f":
        raise broken(origin, f"gave samples of type {given.dtype}, and has to give float32 with full scale at 1.0")
    if given.shape != wanted:
        raise broken(origin, f"gave {given.shape}, {rule}")
    return given if given.dtype == np.float32 else narrowed(given)


def narrowed(samples: NDArray[Any]) -> NDArray[np.float32]:
    """Floats of any width as float32; what is too large becomes infinite, which whoever looks for it finds."""
    with np.errstate(over="ignore"):
        return samples.astype(np.float32)


def first_not_finite(samples: NDArray[np.floating[Any]]) -> int | None:
    """Where along the last axis the first NaN or infinity is; None where there is none.

    The sum is looked at first, which costs a quarter of looking at each: finite numbers of audio have a finite sum.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        if math.isfinite(float(np.add.reduce(samples, axis=None))):
            return None
    finite = np.isfinite(samples)
    if finite.all():
        return None
    return int(np.argmin(finite.all(axis=tuple(range(finite.ndim - 1)))))


def array_of(values: Any, what: str, error: type[InputError] = InputError) -> NDArray[Any]:
    """An array of what a caller gave: numbers in a list, an array, a tensor on the CPU that needs no gradient.

    Raises:
        InputError: (or the class `error`) if NumPy can't read it; its cause says why.
    """
    try:
        return np.asarray(values)
    except Exception as found:
        advice = "; give a NumPy array, of a tensor tensor.detach().float().cpu().numpy()"
        raise error(f"{what} can't be read as an array: {' '.join(str(found).split())}{advice}") from found


def _spend_torchs_warning() -> None:
    """torch warns once a process, of the first array that nobody may write: spend that on one of our own."""
    torch = sys.modules.get("torch")
    if _told or torch is None or not hasattr(torch, "from_numpy"):
        return
    _told.append(True)
    mine = np.zeros(1, np.float32)
    mine.flags.writeable = False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.from_numpy(mine)
