"""stdout and stderr while a plugin runs: stdout is for results, so that what plugins print goes elsewhere."""

from __future__ import annotations

import io
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from typing import Any, TextIO

_inside: ContextVar[bool] = ContextVar("inside a plugin", default=False)
_kept: ContextVar[TextIO | None] = ContextVar("where what is printed is kept", default=None)
_lock = threading.Lock()


class _Split:
    """A standard stream for vocolab, another place for who is inside a plugin: other threads may print meanwhile."""

    def __init__(self, name: str, real: TextIO) -> None:
        self.name_of, self.real, self.users = name, real, 0

    def write(self, text: str) -> int:
        return self._wanted().write(text)

    def writelines(self, lines: Any) -> None:
        self._wanted().writelines(lines)

    def flush(self) -> None:
        self._wanted().flush()

    def _wanted(self) -> TextIO:
        if (kept := _kept.get()) is not None:
            return kept
        elsewhere = self.name_of == "stdout" and _inside.get() and sys.stderr is not None
        return sys.stderr if elsewhere else self.real

    def __getattr__(self, name: str) -> Any:
        return getattr(self._wanted(), name)


@contextmanager
def prints_elsewhere() -> Iterator[None]:
    """What is printed in the block by this thread goes to stderr."""
    if _inside.get() or sys.stdout is None:
        yield
        return
    with _splitting("stdout"):
        token = _inside.set(True)
        try:
            yield
        finally:
            _inside.reset(token)


@contextmanager
def prints_kept(into: list[str]) -> Iterator[None]:
    """What is printed in the block by this thread, to stdout or stderr, is put into a list, and shown to nobody."""
    written = io.BytesIO()
    writer = io.TextIOWrapper(written, "utf-8", "replace", write_through=True)
    with ExitStack() as stack:
        for name in ("stdout", "stderr"):
            if getattr(sys, name) is not None:
                stack.enter_context(_splitting(name))
        token = _kept.set(writer)
        try:
            yield
        finally:
            _kept.reset(token)
            if text := "" if writer.closed else written.getvalue().decode("utf-8", "replace").strip():
                into.append(text)


@contextmanager
def _splitting(name: str) -> Iterator[None]:
    split = _entered(name)
    try:
        yield
    finally:
        _left(split)


def _entered(name: str) -> _Split:
    with _lock:
        stream = getattr(sys, name)
        split = stream if isinstance(stream, _Split) else _Split(name, stream)
        split.users += 1
        setattr(sys, name, split)
        return split


def _left(split: _Split) -> None:
    with _lock:
        split.users -= 1
        if split.users == 0 and getattr(sys, split.name_of) is split:
            setattr(sys, split.name_of, split.real)
