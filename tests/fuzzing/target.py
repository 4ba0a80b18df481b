"""What every reader under fuzzing has, and how one file is given to it.

A reader gives what it read, or raises a `VocolabError`; whatever else it raises is a hole, and so is it to take longer
or more memory than any small file may.
"""

from __future__ import annotations

import contextlib
import io
import os
import resource
import signal
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import Any

from mutations import mutated

from vocolab.errors import PluginError, VocolabError

MOST_CPU_S = 20
"""Seconds of a processor that reading a small file may take, on a machine that is busy with other things too."""
MOST_BYTES = 3 * 2**30
"""Memory that it may map, beyond what the process has."""


class TooSlow(BaseException):
    """What a reader is stopped by; no reader takes it for damage of its file."""


@dataclass(frozen=True)
class Target:
    """One reader."""

    file: str
    """What the file is called: some readers go by suffixes."""
    read: Callable[[Path], Any]
    seeds: Callable[[], list[bytes]]
    """The smallest good files; each has to be read without an error."""
    mutated: Callable[[Sequence[bytes], int], bytes] = mutated
    """What makes a file with mistakes of the good ones."""
    cost: int = 1
    """How many times longer than others a file takes: of what is costly fewer mutations are tried in the tests."""


def check(target: Target, data: bytes, folder: Path) -> bool:
    """Give one file to a reader, and whether it was read; raises whatever is no `VocolabError`."""
    path = folder / target.file
    path.write_bytes(data)
    try:
        with contextlib.redirect_stderr(io.StringIO()), _bounded():
            target.read(path)
    except PluginError as error:
        if isinstance(error.__cause__, VocolabError) or error.__cause__ is None:
            return False
        raise  # what a plugin of vocolab's own did not foresee
    except VocolabError as error:
        assert len(str(error)) < 100_000
        return False
    return True


@contextmanager
def _bounded() -> Iterator[None]:
    """While it lasts, processor time and memory are bounded; in the main thread of a system that can do that."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    before = signal.signal(signal.SIGPROF, _too_slow)
    resource.setrlimit(resource.RLIMIT_AS, (pages * os.sysconf("SC_PAGE_SIZE") + MOST_BYTES, hard))
    signal.setitimer(signal.ITIMER_PROF, MOST_CPU_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _too_slow(_number: int, _frame: FrameType | None) -> None:
    raise TooSlow(f"over {MOST_CPU_S} s of a processor")


def call(module: str, name: str, *others: Any, folder: bool = False) -> Callable[[Path], Any]:
    """A function of vocolab that takes a path, imported when it is called."""

    def read(path: Path) -> Any:
        found: Any = import_module(module)
        for part in name.split("."):
            found = getattr(found, part)
        return found(path.parent if folder else path, *others)

    return read


def text_of(path: Path) -> str:
    """The file's text, whatever it is."""
    return path.read_bytes().decode("utf-8", "replace")


def seed(*texts: str) -> Callable[[], list[bytes]]:
    """Texts as good files."""
    return lambda: [text.encode() for text in texts]


def saved(save: Callable[[Path], Any], name: str) -> bytes:
    """What a function that writes a file writes."""
    with tempfile.TemporaryDirectory() as folder:
        save(Path(folder) / name)
        return (Path(folder) / name).read_bytes()


@contextmanager
def variable(name: str, value: str) -> Iterator[None]:
    """An environment variable, set for a while."""
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before
