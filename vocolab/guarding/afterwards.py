"""What plugins do when nobody has called them: at exit, in threads of their own, in finalisers.

What fails there reaches no caller. Python would print its traceback on the stderr of whichever command runs: of a
plugin that the command used there is one line with its address instead, and of one that it did not use there is none.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any

from vocolab.guarding.origins import Origin, brought_by, is_used
from vocolab.guarding.raised import is_the_plugins_own, text_of


class _Watch:
    """Stands before the hooks that Python calls, and hands on what is no plugin's."""

    def __init__(self, tells_all: Callable[[], bool]) -> None:
        self._tells_all = tells_all
        self._unraisable, self._in_thread = sys.unraisablehook, threading.excepthook

    def unraisable(self, found: sys.UnraisableHookArgs) -> None:
        """At exit, or in a finaliser."""
        if not self._told(found.exc_value, found.exc_traceback):
            self._unraisable(found)

    def in_thread(self, found: threading.ExceptHookArgs) -> None:
        """In a thread."""
        if not self._told(found.exc_value, found.exc_traceback):
            self._in_thread(found)

    def _told(self, error: BaseException | None, place: TracebackType | None) -> bool:
        """Whether an error was a plugin's, and all is said of it that is to be said."""
        origin = _origin(place)
        if error is None or origin is None or not is_the_plugins_own(error) or self._tells_all():
            return False
        if is_used(origin.package):
            line = " ".join(f"{origin.address}: {type(error).__name__}: {text_of(error)}".split())
            shown = "".join(character if character.isprintable() else "?" for character in line)
            print(f"vocolab: after its work failed {shown}", file=sys.stderr)
        return True


def watch_afterwards(tells_all: Callable[[], bool]) -> None:
    """From now on, until the process ends; once a process.

    Args:
        tells_all: Whether Python is to print the traceback as ever: --debug.
    """
    hook: Any = sys.unraisablehook
    if isinstance(getattr(hook, "__self__", None), _Watch):
        hook.__self__._tells_all = tells_all
        return
    watch = _Watch(tells_all)
    sys.unraisablehook, threading.excepthook = watch.unraisable, watch.in_thread


def _origin(place: TracebackType | None) -> Origin | None:
    """The plugin in whose code an error was raised; None where it was in nobody's."""
    while place is not None:
        found = brought_by(str(place.tb_frame.f_globals.get("__name__", "")))
        if found is not None:
            return found
        place = place.tb_next
    return None
