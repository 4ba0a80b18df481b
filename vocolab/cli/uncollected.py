"""Importing without garbage collection: what modules define stays, and to look through it again finds nothing."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

is_whole_process = False
"""Whether the command is all that this process does: then nothing that was imported is ever looked through."""


@contextmanager
def uncollected() -> Iterator[None]:
    """Collect no garbage in here, which mostly imports: it took 7 % of the CPU time of a short command."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if is_whole_process:
            gc.freeze()
        if was_on:
            gc.enable()
