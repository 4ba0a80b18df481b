"""A plugin that hangs while it is imported must not hang vocolab."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

IMPORT_LIMIT_S = 10.0
"""How long a plugin's module may take before it counts as broken."""


class TookTooLongError(BaseException):
    """Raised within code that took too long; no `except Exception` of it stops this."""


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Raise TookTooLongError in a block that takes longer.

    Where there is no such alarm, on Windows and beside the main thread, the block takes as long as it takes.
    """
    usable = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    if not usable or signal.getitimer(signal.ITIMER_REAL)[0]:
        yield
        return

    def ring(_number: int, _frame: Any) -> NoReturn:
        raise TookTooLongError(f"it took more than {seconds:g} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
