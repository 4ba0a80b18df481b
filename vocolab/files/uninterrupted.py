"""Calls into libraries that call back into Python: what a signal raises in there would be lost, and data with it."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType
from typing import Any

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Handle signals that come meanwhile once the block has ended, as they would have been handled in it.

    An exception can't pass through a library in C: Ctrl-C in a callback that writes would be printed and forgotten, and
    a piece of the file would be missing. Handlers run in the main thread, so nothing is done in others.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[tuple[int, FrameType | None]] = []
    handlers: dict[int, Callable[[int, FrameType | None], Any]] = {}
    try:
        with ExitStack() as stack:
            for number in (getattr(signal, name) for name in _NAMES if hasattr(signal, name)):
                handler = signal.getsignal(number)
                if callable(handler):
                    handlers[number] = handler
                    stack.callback(signal.signal, number, handler)
                    signal.signal(number, _kept_in(came))
            yield
    finally:
        for number, frame in came:
            handlers[number](number, frame)


def _kept_in(came: list[tuple[int, FrameType | None]]) -> Callable[[int, FrameType | None], None]:
    def keep(number: int, frame: FrameType | None) -> None:
        came.append((number, frame))

    return keep
