"""Files that vocolab keeps in folders of its own and goes on with: opened where they stand and nowhere else.

Such a folder may have come from somebody else, or lie where others write. What has the place of a journal may be a
link to a file that is none of vocolab's, or another name of one.
"""

from __future__ import annotations

import errno
import os
import stat
from io import FileIO
from os import PathLike


def open_own(path: str | PathLike[str]) -> FileIO:
    """A file to write at the end of, made where there is none; nothing is kept back in memory.

    Raises:
        OSError: if it can't be opened, or is a link, a pipe or a device; `strerror` says so.
    """
    place = os.fspath(path)
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
    for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY", "O_CLOEXEC"):
        flags |= getattr(os, name, 0)
    try:
        descriptor = os.open(place, flags, 0o666)
    except OSError as error:
        raise _refused(error, place) from error
    try:
        facts = os.fstat(descriptor)
        if not stat.S_ISREG(facts.st_mode):
            raise OSError(errno.EINVAL, "it is a pipe or a device; remove it", place)
        if facts.st_nlink > 1:
            raise OSError(errno.EMLINK, "it is another name of a file that may be somebody's; remove it", place)
        return FileIO(descriptor, "ab")
    except BaseException:
        os.close(descriptor)
        raise


def append(file: FileIO, data: bytes) -> None:
    """Write all of it: a file that is about to fill a disk takes a part first.

    Raises:
        OSError: if it can't be written.
    """
    left = memoryview(data)
    while left:
        left = left[file.write(left) or 0 :]


def _refused(error: OSError, place: str) -> OSError:
    """What the system says of links and pipes without readers means little to people."""
    if error.errno == errno.ELOOP:
        return OSError(errno.ELOOP, "it is a link and may lead to a file of others; remove it", place)
    if error.errno == errno.ENXIO:
        return OSError(errno.EINVAL, "it is a pipe or a device; remove it", place)
    return error
