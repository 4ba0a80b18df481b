"""Chunks of WAV files: RIFF, RIFX, RF64 and BW64, as they are meant and as crashed recorders leave them."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

_HEADER_BYTES = 8
_UNKNOWN = 0xFFFF_FFFF
_MOST_CHUNKS = 10_000
WAVE_MAGICS = (b"RIFF", b"RIFX", b"RF64", b"BW64")


@dataclass(frozen=True)
class Chunk:
    """A chunk, and where its content lies in the file."""

    name: bytes
    start: int
    size: int
    """Bytes that are there."""
    stated: int
    """Bytes that its header states."""


@dataclass(frozen=True)
class WaveFile:
    """What stands in a WAV."""

    magic: bytes
    chunks: tuple[Chunk, ...]
    rest: int
    """Bytes after the last chunk that are none."""
    follows: bytes = b""
    """The first bytes of these."""

    @property
    def byte_order(self) -> str:
        """As `struct` has it."""
        return ">" if self.magic == b"RIFX" else "<"

    def first(self, name: bytes) -> Chunk | None:
        """The first chunk of that name."""
        return next(self.all(name), None)

    def all(self, name: bytes) -> Iterator[Chunk]:
        """Every chunk of that name."""
        return (chunk for chunk in self.chunks if chunk.name == name)


def read_wave(stream: BinaryIO) -> WaveFile | None:
    """The chunks of a WAV; None for what is none.

    The size in the file's own header is not looked at: what is there counts. A data chunk of size 0 or of more than
    there is reaches to the file's end, as recorders that were cut off and programs that write into pipes leave it; one
    of RF64 and BW64 has its size in the chunk ds64. A pad byte that is missing after an odd chunk is not missed.
    """
    end = stream.seek(0, 2)
    stream.seek(0)
    start = stream.read(12)
    magic = start[:4]
    if magic not in WAVE_MAGICS or start[8:12] != b"WAVE":
        return None
    order = ">" if magic == b"RIFX" else "<"
    chunks: list[Chunk] = []
    at, long_size = 12, 0
    while at + _HEADER_BYTES <= end and len(chunks) < _MOST_CHUNKS:
        stream.seek(at)
        name, stated = struct.unpack(order + "4sI", stream.read(_HEADER_BYTES))
        if not _is_name(name) or (name in WAVE_MAGICS and any(chunk.name == b"data" for chunk in chunks)):
            break
        inside = at + _HEADER_BYTES
        if name == b"ds64" and stated >= 16:
            long_size = struct.unpack("<Q", stream.read(16)[8:])[0]
        if name == b"data" and stated == _UNKNOWN and magic in (b"RF64", b"BW64"):
            stated = long_size
        is_open = name == b"data" and stated == 0 and not _chunk_begins(stream, inside, end, order)
        chunk = Chunk(name, inside, end - inside if is_open else min(stated, end - inside), stated)
        chunks.append(chunk)
        at = _next(stream, chunk, end, order)
    stream.seek(min(at, end))
    return WaveFile(magic, tuple(chunks), max(end - at, 0), stream.read(12))


def _next(stream: BinaryIO, chunk: Chunk, end: int, order: str) -> int:
    """Where the next chunk begins: after a pad byte where the size is odd, unless somebody forgot it."""
    at = chunk.start + chunk.size
    if chunk.size % 2 == 0:
        return at
    padded = at + 1
    return at if _chunk_begins(stream, at, end, order) and not _chunk_begins(stream, padded, end, order) else padded


def _chunk_begins(stream: BinaryIO, at: int, end: int, order: str) -> bool:
    """Whether a chunk with a name and a size that fits begins there, or the file ends there."""
    if at >= end:
        return True
    stream.seek(at)
    header = stream.read(_HEADER_BYTES)
    if len(header) < _HEADER_BYTES:
        return False
    name, size = struct.unpack(order + "4sI", header)
    return _is_name(name) and (at + _HEADER_BYTES + size <= end or name == b"data")


def _is_name(name: bytes) -> bool:
    return all(32 <= byte < 127 for byte in name) and name != b"    "
