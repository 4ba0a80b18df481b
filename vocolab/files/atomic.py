"""Files that appear whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from os import PathLike
from pathlib import Path

from vocolab.errors import OutputError
from vocolab.files.leftovers import create_held, remove_leftovers
from vocolab.files.uninterrupted import uninterrupted


@contextmanager
def whole_file(path: str | PathLike[str], *, sync: bool = True, follow: bool = True) -> Iterator[Path]:
    """A temporary file beside `path` that becomes `path` when the block ends well.

        with whole_file("voice.safetensors") as temporary:
            temporary.write_bytes(data)

    The temporary file exists, empty, when the block begins: what can't be written fails before the work is done. It is
    removed on any failure, Ctrl-C included, and what was at `path` before stays untouched then; what a process that
    was killed has left behind is removed by the next one that writes into the folder. A symbolic link stays one; the
    file that it points to is replaced. Without `follow` the link is replaced: what vocolab keeps in folders of its own
    goes nowhere else, whoever put a link there. `sync` waits until the disk has the data.

    Raises:
        OutputError: if the folder is missing or read-only, `path` is a folder or a device, or the disk is full.
    """
    target = Path(os.path.realpath(path)) if follow else Path(path)
    reserved: tuple[Path, int] | None = None
    try:
        with uninterrupted():  # a file that is made is known
            temporary, held = reserved = _reserve(target, Path(path))
        yield temporary
        if sync:
            _sync(temporary)
        os.replace(temporary, target)
    except OSError as error:
        _remove(temporary)
        if error.filename is not None and Path(str(error.filename)) != temporary:
            raise  # about another file that the block works with
        raise output_error(Path(path), error) from error
    except BaseException:
        if reserved is not None:
            _remove(temporary)
        raise
    finally:
        if reserved is not None:
            os.close(held)


def check_place(path: str | PathLike[str]) -> None:
    """Find out whether a file can be put at `path`, before long work begins.

    Raises:
        OutputError: if it can't, as `whole_file` would say.
    """
    with uninterrupted():
        temporary, held = _reserve(Path(os.path.realpath(path)), Path(path))
        _remove(temporary)
        os.close(held)


def output_error(path: Path, error: OSError) -> OutputError:
    """What `error` means for who wanted to write `path`, in one line."""
    folder = path.parent
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT | errno.EFBIG:
            text = "no space left on the disk; nothing was written"
        case None:  # numpy's way to say that less was written than should have been
            text = f"no space left on the disk, it seems: {error}"
        case errno.ENOENT:
            text = f"the folder {folder} does not exist; create it first"
        case errno.ENOTDIR:
            text = f"{folder} is not a folder"
        case errno.EROFS | errno.EACCES | errno.EPERM:
            text = f"the folder {folder} can't be written to"
        case _:
            text = f"can't be written: {error.strerror or error}"
    return OutputError(text, about=path)


def _reserve(target: Path, shown: Path) -> tuple[Path, int]:
    """An empty hidden file beside `target`, and what holds it."""
    try:
        _check_replaceable(target, shown)
        remove_leftovers(target.parent)
        return create_held(target)
    except OSError as error:
        raise output_error(shown, error) from error


def _check_replaceable(target: Path, shown: Path) -> None:
    """Refuse to put a file in the place of a folder or a device."""
    try:
        mode = target.lstat().st_mode  # a link that is left is one that is to be replaced
    except FileNotFoundError:
        return
    if stat.S_ISLNK(mode):
        return
    if stat.S_ISDIR(mode):
        raise OutputError("is a folder; name a file", about=shown)
    if not stat.S_ISREG(mode):
        raise OutputError("is not an ordinary file; name a file", about=shown)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink()
