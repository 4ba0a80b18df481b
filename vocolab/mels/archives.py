"""Mels in `.npz` archives: those of `numpy.savez`, and those that state their convention.

vocolab writes the arrays `mel`, `f0_hz` where there is one, and `vocolab_mel`, a text: the JSON document that a
safetensors mel has in its metadata. Other archives are read where it is clear which array is the mel.
"""

from __future__ import annotations

import io
import math
import zipfile
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from vocolab.errors import MelError

MEL, F0, DOCUMENT = "mel", "f0_hz", "vocolab_mel"
_ALWAYS_BYTES = 16_000_000
_MOST_PACKED = 20
"""float32 of a spectrum is hardly compressible; what claims to unpack to more than this many times is no mel."""
_MOST_DOCUMENT = 1_000_000


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
            document = _array(archive, members[DOCUMENT], file) if DOCUMENT in members else None
            f0 = _array(archive, members[F0], file) if F0 in members else None
            return _array(archive, members[name], file), None if document is None else _text(document, file), f0
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise MelError(f"a damaged .npz archive: {error}", about=file) from error


def _array(archive: zipfile.ZipFile, member: zipfile.ZipInfo, file: Path) -> NDArray[Any]:
    """One array, once its header has been held against what the archive stores."""
    if member.file_size > max(_ALWAYS_BYTES, _MOST_PACKED * member.compress_size):
        raise MelError(f"{member.filename} claims to unpack from {member.compress_size} to {member.file_size} "
                       "bytes, which no mel does", about=file)
    with archive.open(member) as stream:
        dtype, promised = _header(stream)
        if dtype.hasobject:
            raise MelError(f"{member.filename} holds pickled Python objects, which are not loaded (nothing in "
                           "it was executed); save plain numbers", about=file)
        if promised > member.file_size:
            raise MelError(f"{member.filename} is damaged: its header promises {promised} bytes, and the "
                           f"archive holds {member.file_size}", about=file)
    with archive.open(member) as stream:
        array: NDArray[Any] = npy.read_array(stream, allow_pickle=False)
    return array


def _header(stream: IO[bytes]) -> tuple[np.dtype[Any], int]:
    """Type and number of bytes of an array."""
    try:
        version = npy.read_magic(stream)
        read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
        shape, _, dtype = read(stream)
    except (SyntaxError, TypeError, RecursionError, MemoryError) as error:
        raise ValueError(f"the header of an array can't be read: {error}") from error
    return dtype, math.prod(shape) * dtype.itemsize


def _text(array: NDArray[Any], file: Path) -> str:
    if array.dtype.kind != "U" or array.shape != () or array.nbytes > 4 * _MOST_DOCUMENT:
        raise MelError(f"its {DOCUMENT} is not the text of a convention", about=file)
    return str(array)
