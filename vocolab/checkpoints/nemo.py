"""Archives of NeMo: a tar file, compressed or not, with weights and config inside."""

from __future__ import annotations

import gzip
import os
import tarfile
import zlib
from collections.abc import Sequence
from typing import IO, Any

from vocolab.errors import CheckpointError

_MAGIC_AT = 257
_MOST_TIMES_THE_FILE = 4
_FLOOR_BYTES = 64_000_000


def is_tar(start: bytes) -> bool:
    """Whether a file that begins so (its first 512 bytes) is a tar file, or something compressed with gzip."""
    return start[:2] == b"\x1f\x8b" or start[_MAGIC_AT : _MAGIC_AT + 5] == b"ustar"


def read_members(stream: IO[bytes], path: str, wanted: Sequence[str]) -> dict[str, bytes]:
    """The files of these names in an archive, in whichever folder of it; nothing is written to disk.

    Weights hardly compress: what unpacks to many times its size is given up before it fills the memory.

    Raises:
        CheckpointError: if it is no tar file, is truncated, or unpacks to too much.
    """
    size = os.fstat(stream.fileno()).st_size
    compressed = stream.read(2) == b"\x1f\x8b"
    stream.seek(0)
    unpacked = gzip.GzipFile(fileobj=stream) if compressed else stream
    limited: Any = _Limited(unpacked, _MOST_TIMES_THE_FILE * size + _FLOOR_BYTES, path)
    found: dict[str, bytes] = {}
    try:
        with tarfile.open(fileobj=limited, mode="r|") as archive:
            for member in archive:
                name = member.name.rpartition("/")[2]
                if name in wanted and member.isfile():
                    _check_size(member, limited.most_bytes, path)
                    found[name] = _content(archive, member, path)
    except (tarfile.TarError, zlib.error, EOFError, OSError, ValueError, OverflowError, RecursionError) as error:
        raise CheckpointError(f"truncated, or not an archive: {error}", about=path) from error
    return found


def _check_size(member: tarfile.TarInfo, most_bytes: int, path: str) -> None:
    """Refuse a member with holes, which take no room in the archive and all room in memory, and one too large."""
    if member.issparse():
        raise CheckpointError(f"{member.name} is stored as a file with holes, which no checkpoint has", about=path)
    if member.size > most_bytes:
        raise CheckpointError(f"{member.name} unpacks to more than {most_bytes} bytes; no checkpoint does", about=path)


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo, path: str) -> bytes:
    file = archive.extractfile(member)
    data = file.read() if file is not None else b""
    if len(data) != member.size:
        raise CheckpointError(f"truncated: {member.name} is incomplete", about=path)
    return data


class _Limited:
    """Reads on until more has come than is allowed."""

    def __init__(self, stream: Any, most_bytes: int, path: str) -> None:
        self._stream, self.most_bytes, self._path, self._read_bytes = stream, most_bytes, path, 0

    def read(self, n_bytes: int) -> bytes:
        """At most `n_bytes` more."""
        data: bytes = self._stream.read(min(n_bytes, self.most_bytes + 1))
        self._read_bytes += len(data)
        if self._read_bytes > self.most_bytes:
            raise CheckpointError(
                f"unpacks to more than {self.most_bytes} bytes; no checkpoint does", about=self._path
            )
        return data
