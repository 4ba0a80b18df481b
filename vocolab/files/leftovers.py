"""Temporary files that runs which were killed have left behind: found and removed by the next run.

A run holds the system's lock on each temporary file as long as it needs it. The lock ends with the process, however
that ends, so a temporary file that can be locked is nobody's.
"""

from __future__ import annotations

import os
import re
import secrets
import sys
import threading
from contextlib import suppress
from pathlib import Path

_NAME = re.compile(r"\..*\.vocolab-[0-9a-f]{12}\.tmp", re.DOTALL)
_LONGEST_STEM_BYTES = 60
"""Of the target's name that the temporary one repeats, so that it never gets too long itself."""

_looked_through: set[tuple[int, int]] = set()
"""The folders that this process has put in order, each once: listing a large one takes time."""
_looking = threading.Lock()


def temporary_beside(target: Path) -> Path:
    """A hidden name beside `target`, unlike any other."""
    stem = target.name
    while len(os.fsencode(stem)) > _LONGEST_STEM_BYTES:
        stem = stem[:-1]
    return target.with_name(f".{stem}.vocolab-{secrets.token_hex(6)}.tmp")


def create_held(target: Path) -> tuple[Path, int]:
    """An empty temporary file beside `target`, and the descriptor that holds it: its lock ends when that is closed.

    Raises:
        OSError: if it can't be made.
    """
    while True:
        temporary = temporary_beside(target)
        # Not tempfile.mkstemp: its files are for their owner's eyes only, and so would the result be.
        descriptor = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666)
        lock(descriptor, wait=True)
        if os.fstat(descriptor).st_nlink:
            return temporary, descriptor
        os.close(descriptor)  # another run took it for a leftover before it was locked


def remove_leftovers(folder: Path) -> None:
    """Remove the temporary files in `folder` that no run holds; what can't be removed stays."""
    with suppress(OSError):
        state = os.stat(folder)
        with _looking:
            if (place := (state.st_dev, state.st_ino)) in _looked_through:
                return
            _looked_through.add(place)
        with os.scandir(folder) as entries:
            found = [entry.path for entry in entries if _NAME.fullmatch(entry.name)]
        for path in found:
            with suppress(OSError):
                _remove_if_free(path)


def _remove_if_free(path: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0))
    try:
        if lock(descriptor, wait=False):
            os.unlink(path)
    finally:
        os.close(descriptor)


def lock(descriptor: int, *, wait: bool) -> bool:
    """Take the lock of a file that is open; False where another process holds it, or where files can't be locked."""
    if sys.platform == "win32":
        return False
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
