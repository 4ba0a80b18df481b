"""Small HDF5 files as h5py lays them out: data sets of float64 at the top, for tests without h5py."""

from __future__ import annotations

import struct
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

_NOWHERE = 2**64 - 1


def hdf5_file(arrays: Mapping[str, NDArray[np.float64]]) -> bytes:
    """A file with these arrays."""
    names = b"".join(name.encode() + b"\0" for name in arrays)
    root, tree, heap = 96, 96 + 40, 96 + 40 + 48
    segment = heap + 32
    node = segment + len(names)
    headers = node + 8 + 40 * len(arrays)
    entries, objects, data, offset = b"", b"", b"", 0
    first = headers + sum(len(_data_set(array, 0)) for array in arrays.values())
    for name, array in arrays.items():
        entries += struct.pack("<QQ", offset, headers + len(objects)) + bytes(24)
        objects += _data_set(array, first + len(data))
        data += array.astype("<f8").tobytes()
        offset += len(name.encode()) + 1
    start = b"\x89HDF\r\n\x1a\n" + bytes(5) + b"\x08\x08" + bytes(1) + struct.pack("<HHI", 4, 16, 0)
    start += struct.pack("<QQQQ", 0, _NOWHERE, first + len(data), _NOWHERE) + struct.pack("<QQ", 0, root) + bytes(24)
    parts = (start, _header(_message(0x11, struct.pack("<QQ", tree, heap))),
             b"TREE" + struct.pack("<BBHQQQQQ", 0, 0, 1, _NOWHERE, _NOWHERE, 0, node, 0),
             b"HEAP" + bytes(4) + struct.pack("<QQQ", len(names), 0, segment), names,
             b"SNOD" + struct.pack("<BBH", 1, 0, len(arrays)), entries, objects, data)
    return b"".join(parts)


def _data_set(array: NDArray[np.float64], at: int) -> bytes:
    shape = struct.pack(f"<BBB5x{array.ndim}Q", 1, array.ndim, 0, *array.shape)
    kind = struct.pack("<B3sI", 0x11, b"\x20\x3f\0", 8) + bytes(12)
    layout = struct.pack("<BBQQ", 3, 1, at, array.size * 8) + bytes(6)
    return _header(_message(0x01, shape), _message(0x03, kind), _message(0x08, layout))


def _header(*messages: bytes) -> bytes:
    body = b"".join(messages)
    return struct.pack("<BxHII4x", 1, len(messages), 1, len(body)) + body


def _message(kind: int, body: bytes) -> bytes:
    return struct.pack("<HHB3x", kind, len(body), 0) + body
