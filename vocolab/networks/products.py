"""The threads of NumPy's matrix products."""

from __future__ import annotations

import ctypes
from functools import cache
from pathlib import Path
from typing import Any


def hold_products(threads: int) -> bool:
    """Let NumPy compute products on so many threads from now on, in the whole process; False where that can't be said.

    Threads of a small product wait for the next one in a loop, and take a processor from the threads of a network: with
    two of each on two processors the default voice took three times as long. Of the libraries that NumPy is built with,
    OpenBLAS in its wheels is known.
    """
    setter = _setter()
    if setter is not None:
        setter(threads)
    return setter is not None


@cache
def _setter() -> Any:
    import numpy

    for file in Path(numpy.__file__).parent.with_name("numpy.libs").glob("*openblas*"):
        library = ctypes.CDLL(str(file))  # loaded already: the same one
        for name in ("scipy_openblas_set_num_threads64_", "openblas_set_num_threads64_", "openblas_set_num_threads"):
            if (found := getattr(library, name, None)) is not None:
                found.argtypes, found.restype = [ctypes.c_int], None
                return found
    return None
