"""stdout while a plugin runs: it is for results, and what plugins print goes to stderr."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TextIO

_inside: ContextVar[bool] = ContextVar("inside a plugin", default=False)
_lock = threading.Lock()


class _Split:
    """stdout for vocolab, stderr for who is inside a plugin: a thread of its own may print results meanwhile."""

    def __init__(self, real: TextIO) -> None:
        self.real, self.users = real, 0

    def write(self, text: str) -> int:
        return self._wanted().write(text)

    def writelines(self, lines: Any) -> None:
        self._wanted().writelines(lines)

    def flush(self) -> None:
        self._wanted().flush()

    def _wanted(self) -> TextIO:
        return sys.stderr if _inside.get() and sys.stderr is not None else self.real

    def __getattr__(self, name: str) -> Any:
        return getattr(self._wanted(), name)


@contextmanager
def prints_elsewhere() -> Iterator[None]:
    """What is printed in the block by this thread goes to stderr."""
    if _inside.get() or sys.stdout is None:
        yield
        return
    split = _entered()
    token = _inside.set(True)
    try:
        yield
    finally:
        _inside.reset(token)
        _left(split)


def _entered() -> _Split:
    with _lock:
        split = sys.stdout if isinstance(sys.stdout, _Split) else _Split(sys.stdout)
        split.users += 1
        sys.stdout = split
        return split


def _left(split: _Split) -> None:
    with _lock:
        split.users -= 1
        if split.users == 0 and sys.stdout is split:
            sys.stdout = split.real
