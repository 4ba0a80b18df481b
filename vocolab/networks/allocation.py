"""Memory between the layers of a network."""

from __future__ import annotations

import ctypes
import os
import sys
from functools import cache

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""As malloc.h of glibc numbers them."""
_KEPT_BYTES = 32 * 2**20
_LARGEST_KEPT_BYTES = 32 * 2**20
"""The most that glibc takes for the size from which on an array is mapped by itself."""


@cache
def keep_freed_memory() -> bool:
    """Let freed memory stay with the process, up to 32 MB of it; False where that can't be said, or has been said.

    glibc gives the end of its heap back to the system whenever an array there is freed, and gets it again for the next
    layer, cleared page by page: with HiFi-GAN V2 that took a third of the time. What a process needs at most stays as
    it is. Whoever has set `MALLOC_TRIM_THRESHOLD_` or `MALLOC_MMAP_THRESHOLD_` has decided already.
    """
    if not sys.platform.startswith("linux") or os.environ.keys() & {"MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_"}:
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):  # another C library
        return False
    mallopt.argtypes, mallopt.restype = [ctypes.c_int, ctypes.c_int], ctypes.c_int
    done = [mallopt(_TRIM_THRESHOLD, _KEPT_BYTES), mallopt(_MMAP_THRESHOLD, _LARGEST_KEPT_BYTES)]
    return all(done)
