"""A file as it should have been: bytes that are made up, and stretches of a real file, one after the other."""

from __future__ import annotations

import io
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import TypeAlias


@dataclass(frozen=True)
class Stretch:
    """`size` bytes of the file from `start` on."""

    start: int
    size: int


Part: TypeAlias = "bytes | Stretch"


class PartsFile(io.RawIOBase):
    """A binary file for reading that joins `parts` of the file at `path`."""

    def __init__(self, path: Path, parts: Sequence[Part]) -> None:
        super().__init__()
        self._stream = path.open("rb", buffering=1 << 16)
        self._parts = [part for part in parts if _size(part)]
        self._starts = [0, *accumulate(_size(part) for part in self._parts)]
        self._position = 0

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a position."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._starts[-1]}[whence]
        self._position = max(base + offset, 0)
        return self._position

    def tell(self) -> int:
        """The position."""
        return self._position

    def readinto(self, buffer: object) -> int:
        """Fill the buffer as far as the file goes."""
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        done = 0
        while done < len(view) and self._position < self._starts[-1]:
            data = self._some(len(view) - done)
            if not data:
                break
            view[done : done + len(data)] = data
            done += len(data)
            self._position += len(data)
        return done

    def close(self) -> None:
        """Close the real file too."""
        self._stream.close()
        super().close()

    def _some(self, most: int) -> bytes:
        number = bisect_right(self._starts, self._position) - 1
        part, inside = self._parts[number], self._position - self._starts[number]
        if isinstance(part, bytes):
            return part[inside : inside + most]
        self._stream.seek(part.start + inside)
        return self._stream.read(min(most, part.size - inside))


def _size(part: Part) -> int:
    return len(part) if isinstance(part, bytes) else part.size
