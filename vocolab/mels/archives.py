"""Mels in `.npz` archives: those of `numpy.savez`, and those that state their convention.

vocolab writes the arrays `mel`, `f0_hz` where there is one, and `vocolab_mel`, a text: the JSON document that a
safetensors mel has in its metadata. Other archives are read where it is clear which array is the mel.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vocolab.errors import MelError
from vocolab.mels.npy import read_npy_header, read_numbers

MEL, F0, DOCUMENT = "mel", "f0_hz", "vocolab_mel"
_ALWAYS_BYTES = 16_000_000
_MOST_PACKED = 20
"""float32 of a spectrum is hardly compressible; what claims to unpack to more than this many times is no mel."""
_MOST_DOCUMENT = 1_000_000


ARCHIVE_PROBLEMS = (
    zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError, OverflowError,
)
"""What Python raises about archives that are damaged."""


def pack(values: NDArray[np.float32], document: str, f0_hz: NDArray[np.float32] | None) -> bytes:
    """The content of an archive."""
    arrays: dict[str, Any] = {MEL: values, DOCUMENT: np.array(document)}
    if f0_hz is not None:
        arrays[F0] = f0_hz
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    return stream.getvalue()


def unpack(file: Path) -> tuple[NDArray[Any], str | None, NDArray[Any] | None] | None:
    """The mel of an archive, its document and its F0; None if it is not clear which array is the mel.

    Raises:
        MelError: if the archive is damaged, or holds pickled objects.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            members = {info.filename.removesuffix(".npy"): info for info in archive.infolist()
                       if info.filename.endswith(".npy")}
            others = set(members) - {F0, DOCUMENT}
            name = MEL if MEL in members else next(iter(others)) if len(others) == 1 else None
            if name is None:
                return None
            document = read_member(archive, members[DOCUMENT], file) if DOCUMENT in members else None
            f0 = read_member(archive, members[F0], file) if F0 in members else None
            return read_member(archive, members[name], file), None if document is None else _text(document, file), f0
    except ARCHIVE_PROBLEMS as error:
        raise MelError(f"a damaged .npz archive: {error}", about=file) from error


def read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, file: Path) -> NDArray[Any]:
    """One array of an archive, once its header has been held against what the archive stores.

    Raises:
        MelError: if it claims to unpack to far more than it takes, is damaged, or holds pickled objects.
        ValueError: if its header is none.
    """
    if member.file_size > max(_ALWAYS_BYTES, _MOST_PACKED * member.compress_size):
        raise MelError(f"{member.filename} claims to unpack from {member.compress_size} to {member.file_size} "
                       "bytes, which no mel does", about=file)
    with archive.open(member) as stream:
        header = read_npy_header(stream)
        if header.dtype.hasobject:
            raise MelError(f"{member.filename} holds pickled Python objects, which are not loaded (nothing in "
                           "it was executed); save plain numbers", about=file)
        if header.promised_bytes > member.file_size:
            raise MelError(f"{member.filename} is damaged: its header promises {header.promised_bytes} bytes, and the "
                           f"archive holds {member.file_size}", about=file)
        return read_numbers(stream, header)


def _text(array: NDArray[Any], file: Path) -> str:
    if array.dtype.kind != "U" or array.shape != () or array.nbytes > 4 * _MOST_DOCUMENT:
        raise MelError(f"its {DOCUMENT} is not the text of a convention", about=file)
    return str(array)
