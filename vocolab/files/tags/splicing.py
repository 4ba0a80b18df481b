"""Bytes put into the middle of a file, and taken out of it, in blocks: memory does not grow with the file."""

from __future__ import annotations

from typing import BinaryIO

_BLOCK_BYTES = 1 << 20


def splice(stream: BinaryIO, at: int, old_bytes: int, new: bytes) -> None:
    """Put `new` in the place of `old_bytes` at `at`; what comes after moves as far as it has to."""
    shift = len(new) - old_bytes
    end = stream.seek(0, 2)
    behind = at + old_bytes
    if shift > 0:
        _move_back(stream, behind, end, shift)
    elif shift < 0:
        _move_forth(stream, behind, end, -shift)
        stream.truncate(end + shift)
    stream.seek(at)
    stream.write(new)


def _move_back(stream: BinaryIO, start: int, end: int, by: int) -> None:
    """To a later place; from the end on, since what is written must have been read."""
    while end > start:
        block_start = max(start, end - _BLOCK_BYTES)
        stream.seek(block_start)
        block = stream.read(end - block_start)
        stream.seek(block_start + by)
        stream.write(block)
        end = block_start


def _move_forth(stream: BinaryIO, start: int, end: int, by: int) -> None:
    while start < end:
        stream.seek(start)
        block = stream.read(min(_BLOCK_BYTES, end - start))
        stream.seek(start - by)
        stream.write(block)
        start += len(block)
        if not block:
            return
