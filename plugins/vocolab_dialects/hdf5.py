"""Arrays out of a small HDF5 file, as ParallelWaveGAN's stats.h5 is: whole data sets of floats at its top.

Of the format (HDF Group, "HDF5 File Format Specification", versions 1 to 3) it reads what h5py writes by default:
superblock 0, a symbol table of groups, object headers of version 1, contiguous data. Anything else is refused.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vocolab.errors import CheckpointError
from vocolab.given_files import read_given

_SIGNATURE = b"\x89HDF\r\n\x1a\n"
_MOST_BYTES = 10_000_000
_DATASPACE, _DATATYPE, _LAYOUT, _CONTINUATION, _SYMBOLS = 0x01, 0x03, 0x08, 0x10, 0x11
_FLOAT_CLASS, _CONTIGUOUS = 1, 1
_MOST_BLOCKS = 100
_MOST_MESSAGES = 10_000
"""In all headers together: entries may share one, and so read it any number of times."""
_LONGEST_NAME_BYTES = 1_000
_MOST_AXES = 32


def read_arrays(path: Path) -> dict[str, NDArray[np.floating]]:
    """The arrays of floats at the top of a file, by their names.

    Raises:
        CheckpointError: if it is no HDF5 file, or one of a kind that is not read here.
    """
    try:
        return dict(_File(read_given(path, _MOST_BYTES)).arrays())
    except OSError as error:
        raise CheckpointError(f"can't be read: {error.strerror or error}", about=path) from error
    except (struct.error, ValueError, IndexError, RecursionError) as error:
        raise CheckpointError(
            f"not an HDF5 file that can be read here ({error}); save mean and scale as the two rows of stats.npy "
            f"beside it",
            about=path,
        ) from error


class _File:
    def __init__(self, data: bytes) -> None:
        if not data.startswith(_SIGNATURE) or data[8] != 0 or data[13:15] != b"\x08\x08":
            raise ValueError("another superblock")
        self.data = data
        self._messages_left, self._bytes_left = _MOST_MESSAGES, len(data)

    def arrays(self) -> Iterator[tuple[str, NDArray[np.floating]]]:
        """Of the root group, whose symbol table entry ends the superblock."""
        for kind, body in self._messages(self._number(24 + 4 * 8 + 8)):
            if kind == _SYMBOLS:
                tree, heap = struct.unpack_from("<QQ", self.data, body)
                for name, header in self._entries(tree, self._number(heap + 24)):
                    if (array := self._array(header)) is not None:
                        yield name, array

    def _number(self, at: int, size: int = 8) -> int:
        if at + size > len(self.data):
            raise ValueError("truncated")
        return int.from_bytes(self.data[at : at + size], "little")

    def _entries(self, tree: int, names: int) -> Iterator[tuple[str, int]]:
        """Names and object headers of a group, from its tree of symbol nodes."""
        if self.data[tree : tree + 4] != b"TREE" or self._number(tree + 5, 1) != 0:
            raise ValueError("a tree of several levels")
        for index in range(min(self._number(tree + 6, 2), _MOST_BLOCKS)):
            node = self._number(tree + 24 + 8 + index * 16)
            if self.data[node : node + 4] != b"SNOD":
                raise ValueError("no symbol node")
            for entry in range(min(self._number(node + 6, 2), _MOST_BLOCKS)):
                at = node + 8 + entry * 40
                start = names + self._number(at)
                end = self.data.index(b"\0", start, start + _LONGEST_NAME_BYTES)
                yield self.data[start:end].decode("utf-8"), self._number(at + 8)

    def _messages(self, header: int) -> Iterator[tuple[int, int]]:
        """Kinds of an object header's messages and where their bodies begin."""
        if self._number(header, 1) != 1:
            raise ValueError("an object header of another version")
        left, blocks = self._number(header + 2, 2), [(header + 16, self._number(header + 8, 4))]
        for start, length in blocks:
            at = start
            while at + 8 <= start + length and left > 0:
                kind, size = self._number(at, 2), self._number(at + 2, 2)
                left -= 1
                self._messages_left -= 1
                if self._messages_left < 0:
                    raise ValueError(f"more than {_MOST_MESSAGES} messages")
                if kind == _CONTINUATION and len(blocks) < _MOST_BLOCKS:
                    blocks.append((self._number(at + 8), self._number(at + 16)))
                yield kind, at + 8
                at += 8 + size

    def _array(self, header: int) -> NDArray[np.floating] | None:
        messages = dict(self._messages(header))
        if not {_DATASPACE, _DATATYPE, _LAYOUT} <= set(messages):
            return None
        dtype, layout, space = messages[_DATATYPE], messages[_LAYOUT], messages[_DATASPACE]
        size = self._number(dtype + 4, 4)
        if self.data[dtype] & 0x0F != _FLOAT_CLASS or size not in (4, 8):
            return None
        if self._number(layout, 1) != 3 or self._number(layout + 1, 1) != _CONTIGUOUS:
            raise ValueError("data in pieces")
        at, n_bytes = self._number(layout + 2), self._number(layout + 10)
        shape = self._shape(space)
        if math.prod(shape) * size != n_bytes or at + n_bytes > len(self.data):
            raise ValueError("truncated")
        self._bytes_left -= n_bytes
        if self._bytes_left < 0:
            raise ValueError("data sets that overlap")
        return np.frombuffer(self.data[at : at + n_bytes], f"<f{size}").reshape(shape)

    def _shape(self, space: int) -> tuple[int, ...]:
        version, rank = self._number(space, 1), self._number(space + 1, 1)
        if rank > _MOST_AXES:
            raise ValueError(f"an array of {rank} axes")
        start = space + (8 if version == 1 else 4)
        return tuple(self._number(start + 8 * axis) for axis in range(rank))
