"""What runs code of plugins: whatever it raises or prints costs that plugin only."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout


def is_the_plugins_own(error: BaseException) -> bool:
    """Whether an error says something of the plugin that raised it, and not that the whole process is to end.

    A class of `BaseException` that ends the process says so by a true attribute `ends_the_process`.
    """
    return not (isinstance(error, KeyboardInterrupt) or getattr(error, "ends_the_process", False))


def text_of(error: BaseException) -> str:
    """What an error says, in one line; also of one that fails when it is asked."""
    try:
        return " ".join(str(error).split())
    except Exception as second:
        return f"(its text can't be made: {type(second).__name__})"


@contextmanager
def prints_elsewhere(builtin: bool) -> Iterator[None]:
    """What a plugin of others prints while it is loaded goes to stderr: stdout is for results."""
    if builtin or sys.stderr is None:
        yield
        return
    with redirect_stdout(sys.stderr):
        yield
