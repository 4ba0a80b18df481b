"""Files that were given, opened so that nothing waits for ever and nothing is read without end.

A named pipe in the place of a file waits for a writer that may never come, and a device such as /dev/zero never ends.
A pipe that the caller's shell has opened already, as `<(command)` does, is what was asked for, and the null device
is an empty file.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

MOST_SETTINGS_BYTES = 1_000_000
"""Of a file that people write: a preset, a recipe, a configuration, a convention."""
MOST_RESULT_BYTES = 100_000_000
"""Of what a program has written to be read again: results of a benchmark."""

_BLOCK_BYTES = 1 << 20
_HANDED_OVER = ("/dev/fd/", "/dev/stdin", "/proc/self/fd/")


def open_given(path: str | os.PathLike[str]) -> BinaryIO:
    """A file for reading.

    Raises:
        OSError: if it can't be opened, or is a pipe, a device or a folder; `strerror` says so.
    """
    place = os.fspath(path)
    mode = os.stat(place).st_mode
    handed_over = place.startswith(_HANDED_OVER) or place == os.devnull
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode) or handed_over):
        raise _not_a_file(place)
    # Not to wait even where a pipe has taken the file's place since.
    descriptor = os.open(place, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), place)
        if handed_over:
            os.set_blocking(descriptor, True)
        elif not stat.S_ISREG(mode):
            raise _not_a_file(place)
        return os.fdopen(descriptor, "rb")
    except BaseException:
        with suppress(OSError):  # a signal behind fdopen has closed it already
            os.close(descriptor)
        raise


def read_given(file: str | os.PathLike[str] | Traversable, most_bytes: int) -> bytes:
    """The content of a file that is no larger than it may be.

    Raises:
        OSError: as `open_given`, or if it is larger; `strerror` says so.
    """
    stream = open_given(file) if isinstance(file, str | os.PathLike) else file.open("rb")
    with stream:
        data: bytes = stream.read(most_bytes + 1)
    if len(data) > most_bytes:
        raise OSError(errno.EFBIG, f"it is larger than {most_bytes / 1e6:g} MB", str(file))
    return data


def read_given_text(file: str | os.PathLike[str] | Traversable, most_bytes: int = MOST_SETTINGS_BYTES) -> str:
    """The same of UTF-8 text.

    Raises:
        OSError: as `read_given`.
        UnicodeDecodeError: if it is no UTF-8.
    """
    return read_given(file, most_bytes).decode("utf-8")


def sha256_of(file: str | os.PathLike[str]) -> str:
    """The SHA-256 of a file of any length, in hexadecimal digits.

    Raises:
        OSError: as `open_given`.
    """
    digest = hashlib.sha256()
    with open_given(file) as stream:
        while block := stream.read(_BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()


def is_regular(path: Path) -> bool:
    """Whether a file is there that can be read to its end."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return False


def _not_a_file(place: str) -> OSError:
    return OSError(errno.EINVAL, "it is a pipe or a device; name a file", place)
