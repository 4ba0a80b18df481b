"""Fourier transforms of real rows in single precision: the routines of scipy.fft without what else it imports.

`import scipy.fft` takes 0.2 s of the second that a short rendering takes, since it looks at all of NumPy and at its own
special functions. What computes is one compiled module of it, which is loaded by itself. Where that is not found, or
doesn't do as expected, scipy.fft takes its place: the numbers are the same. Where torch is there already, since it runs
a network, its transforms take half the time; theirs differ in the last digit.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float32]
Complex: TypeAlias = NDArray[np.complex64]

_SCALED_BY_SIZE = 2
"""How the compiled module is told to divide by the size of the transform."""


class _Routines(NamedTuple):
    rfft: Callable[[Floats], Complex]
    irfft: Callable[[Complex, int], Floats]


def rfft(rows: Floats, size: int) -> Complex:
    """Spectra (rows, size // 2 + 1) of real rows (rows, width): their first `size` values, continued by zeros."""
    rows = rows[:, :size]
    if rows.shape[1] < size:
        longer = np.zeros((rows.shape[0], size), np.float32)
        longer[:, : rows.shape[1]] = rows
        rows = longer
    torch = _loaded_torch()
    return torch.fft.rfft(torch.from_numpy(rows)).numpy() if torch else _routines.rfft(rows)


def irfft(spectra: Complex, size: int) -> Floats:
    """The real rows (rows, size) of spectra (rows, size // 2 + 1)."""
    torch = _loaded_torch()
    return torch.fft.irfft(torch.from_numpy(spectra), size).numpy() if torch else _routines.irfft(spectra, size)


def _loaded_torch() -> Any:
    """torch, where it has been imported to its end; else None."""
    torch = sys.modules.get("torch")
    return None if torch is None or getattr(torch.__spec__, "_initializing", False) else torch


def _compiled() -> _Routines:
    """Those of the compiled module.

    Raises:
        Exception: of any class, if it isn't there or has changed.
    """
    scipy = find_spec("scipy")
    assert scipy is not None and scipy.submodule_search_locations is not None
    folders = [str(Path(place, "fft", "_pocketfft")) for place in scipy.submodule_search_locations]
    spec = PathFinder.find_spec("pypocketfft", folders)
    assert spec is not None and spec.loader is not None
    module: Any = module_from_spec(spec)
    spec.loader.exec_module(module)
    return _Routines(
        lambda rows: module.r2c(rows, (1,), True, 0, None, 1),
        lambda spectra, size: module.c2r(spectra, (1,), size, False, _SCALED_BY_SIZE, None, 1),
    )


def _public() -> _Routines:
    from scipy import fft

    return _Routines(lambda rows: fft.rfft(rows), lambda spectra, size: fft.irfft(spectra, size))


def _are_right(routines: _Routines) -> bool:
    """Whether they give what is known of a row: of an impulse at its second place, and its spectrum back."""
    row = np.array([[0.0, 1.0, 0.0, 0.0]], np.float32)
    spectrum = routines.rfft(row)
    there = spectrum.dtype == np.complex64 and np.array_equal(spectrum, np.array([[1.0, -1.0j, -1.0]], np.complex64))
    back = routines.irfft(spectrum, 4)
    return bool(there and back.dtype == np.float32 and np.array_equal(back, row))


def _found() -> _Routines:
    try:
        routines = _compiled()
        if _are_right(routines):
            return routines
    except Exception:  # a part of another package may be gone, or changed in any way
        pass
    return _public()


_routines = _found()
