"""Where in an author's files something stands, so that a finding leads to the line."""

from __future__ import annotations

import inspect
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def place_of(thing: Any, name: str = "") -> str:
    """` (file.py:12)` of a class, a function, or a member of a class; empty where Python can't tell.

    Args:
        thing: A class, a function, or an instance.
        name: A method of it, or an attribute whose first mention in the class is meant.
    """
    cls = thing if isinstance(thing, type) or inspect.isroutine(thing) else type(thing)
    member = getattr(cls, name, None) if name else cls
    for candidate in (member, cls):
        try:
            lines, first = inspect.getsourcelines(inspect.unwrap(candidate))  # type: ignore[arg-type]
            file = Path(inspect.getsourcefile(candidate) or "").name  # type: ignore[arg-type]
        except (OSError, TypeError):
            continue
        within = next((number for number, line in enumerate(lines) if candidate is cls and name and name in line), 0)
        return f" ({file}:{first + within})"
    return ""


def place_raised(error: BaseException, package: str) -> str:
    """` (file.py:12)` of the line of a package that an error was raised in, by it or by what it called; else empty.

    Args:
        error: What was raised; what caused it is looked at first.
        package: The package's name, or the name of a module in it.
    """
    top = package.partition(".")[0]
    for one in _from_the_cause(error):
        for frame, line in reversed(list(traceback.walk_tb(one.__traceback__))):
            if str(frame.f_globals.get("__name__", "")).partition(".")[0] == top:
                return f" ({Path(frame.f_code.co_filename).name}:{line})"
    return ""


def _from_the_cause(error: BaseException) -> Iterator[BaseException]:
    if error.__cause__ is not None:
        yield from _from_the_cause(error.__cause__)
    yield error
