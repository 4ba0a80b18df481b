"""Arrays one after the other in a stream, each as `numpy.save` writes it."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from typing import Any, BinaryIO

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from vocolab.errors import MelError

_PREFIX_BYTES = 8
_PIECE_BYTES = 1 << 20
_LONGEST_HEADER_BYTES = 10_000


def npy_stream(stream: BinaryIO, name: str) -> Iterator[NDArray[Any]]:
    """Each array as soon as all of it is there. Nothing in the stream is executed.

    Args:
        stream: Of bytes; need not be seekable.
        name: What messages call it.

    Raises:
        MelError: if something else is in it, an array holds Python objects, or the stream ends within one.
    """
    number = 0
    while first := _some(stream, _PREFIX_BYTES):
        number += 1
        array = f"array {number}"
        shape, is_fortran, dtype = _header(stream, first, f"{name}: {array}")
        if dtype.hasobject:
            raise MelError(f"{array} holds pickled Python objects, which are not loaded (nothing was executed); save "
                           "plain numbers", about=name)
        promised = math.prod(shape) * dtype.itemsize
        data = _some(stream, promised)
        if len(data) < promised:
            raise MelError(f"{array} is cut off: its header promises {dtype} {shape}, {promised} bytes, and "
                           f"{len(data)} came", about=name)
        yield np.frombuffer(data, dtype).reshape(shape, order="F" if is_fortran else "C")


def _header(stream: BinaryIO, first: bytes, about: str) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    try:
        version = npy.read_magic(io.BytesIO(first))
        length_bytes = 2 if version == (1, 0) else 4
        counted = _some(stream, length_bytes)
        header_bytes = int.from_bytes(counted, "little")
        if header_bytes > _LONGEST_HEADER_BYTES:
            raise ValueError("a header that long")
        header = io.BytesIO(counted + _some(stream, header_bytes))
        read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
        shape, is_fortran, dtype = read(header)
        return shape, is_fortran, dtype
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError) as error:
        raise MelError("is no .npy array: write each with numpy.save", about=about) from error


def _some(stream: BinaryIO, n_bytes: int) -> bytes:
    """So many bytes, or what is left: memory is taken for what comes, not for what was promised."""
    pieces, missing = [], n_bytes
    while missing > 0 and (piece := stream.read(min(missing, _PIECE_BYTES))):
        pieces.append(piece)
        missing -= len(piece)
    return b"".join(pieces)
