"""One run at a time in a run's folder: the lock is the system's and ends with its process, kill -9 included."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from vocolab.errors import TrainingError
from vocolab.files.atomic import output_error


@contextmanager
def run_lock(folder: Path, say: Callable[[str], None]) -> Iterator[None]:
    """While it lasts no other process of this machine holds the lock of `folder`.

    The folder is made where there is none, and removed again where nothing has been put into it. Nothing else is left
    behind: it is the folder itself that is locked. A file system without locks is told through `say`, and so is a
    system that can't lock folders.

    Raises:
        TrainingError: if another process holds it.
        OutputError: if the folder can't be made.
    """
    made = [place for place in (folder, *folder.parents) if not place.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise output_error(folder, error) from error
    try:
        with _held(folder, say):
            yield
    finally:
        for place in made:  # from the innermost outwards; what is not empty stays
            with suppress(OSError):
                place.rmdir()


@contextmanager
def _held(folder: Path, say: Callable[[str], None]) -> Iterator[None]:
    if sys.platform == "win32":
        say(f"{folder}: can't be locked on this system; see that no other run writes into it")
        yield
        return
    import fcntl

    opened = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(opened)
        raise TrainingError("another 'vocolab train' is at work in it; wait for its end, or give another --run",
                            about=folder) from None
    except OSError as error:
        say(f"{folder}: can't be locked ({error.strerror}); see that no other run writes into it")
    try:
        yield
    finally:
        os.close(opened)
