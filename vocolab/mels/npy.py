"""NumPy's file format, its header read without Python's parser and held against what the file has.

NumPy reads the header as a Python expression: ten kilobytes of brackets take seconds, and some end in errors of the
parser. Every writer there is puts three plain values there, and so much is read here.
"""

from __future__ import annotations

import math
import re
from typing import IO, Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

_MAGIC = b"\x93NUMPY"
_LENGTH_BYTES = {(1, 0): 2, (2, 0): 4, (3, 0): 4}
_MOST_HEADER_BYTES = 10_000
_MOST_AXES = 32
_BLOCK_BYTES = 1 << 20
_ENTRY = re.compile(
    r"\s*['\"](descr|fortran_order|shape)['\"]\s*:\s*(?:'([^']{0,32})'|\"([^\"]{0,32})\"|(True|False)|\(([\d\sL,]*)\))\s*,?"
)


class NpyHeader(NamedTuple):
    """What an array will be."""

    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    fortran_order: bool

    @property
    def promised_bytes(self) -> int:
        """What the numbers take."""
        return math.prod(self.shape) * self.dtype.itemsize


def read_npy_header(stream: IO[bytes]) -> NpyHeader:
    """The header of a `.npy` file, the stream left behind it.

    Raises:
        ValueError: if it is none, or describes records.
    """
    start = stream.read(len(_MAGIC) + 2)
    length_bytes = _LENGTH_BYTES.get((start[-2], start[-1])) if start[:-2] == _MAGIC else None
    if length_bytes is None:
        raise ValueError("no .npy file of a version that is known")
    length = int.from_bytes(stream.read(length_bytes), "little")
    if length > _MOST_HEADER_BYTES:
        raise ValueError(f"a header of {length} bytes")
    data = stream.read(length)
    if len(data) < length:
        raise ValueError("a header that is cut off")
    return _parsed(data.decode("latin-1"))


def read_npy(stream: IO[bytes], held_bytes: int) -> NDArray[Any]:
    """The array of a `.npy` file of plain numbers or text, which has `held_bytes` from here on.

    Raises:
        ValueError: if it is none, is cut off, or holds Python objects.
    """
    header = read_npy_header(stream)
    if header.dtype.hasobject:
        raise ValueError("pickled Python objects, which are not loaded")
    if header.promised_bytes > held_bytes:
        raise ValueError(f"its header promises {header.promised_bytes} bytes, and there are {held_bytes}")
    return read_numbers(stream, header)


def read_numbers(stream: IO[bytes], header: NpyHeader) -> NDArray[Any]:
    """The array behind a header that has been found right.

    Raises:
        ValueError: if the numbers are cut off.
    """
    order: Literal["F", "C"] = "F" if header.fortran_order else "C"
    if header.promised_bytes == 0:
        return np.zeros(header.shape, header.dtype, order)
    data = bytearray(header.promised_bytes)
    view, position = memoryview(data), 0
    while position < len(data):
        block = stream.read(min(_BLOCK_BYTES, len(data) - position))
        if not block:
            raise ValueError("its numbers are cut off")
        view[position : position + len(block)] = block
        position += len(block)
    return np.frombuffer(data, header.dtype, math.prod(header.shape)).reshape(header.shape, order=order)


def _parsed(text: str) -> NpyHeader:
    inside = text.strip()
    if not (inside.startswith("{") and inside.endswith("}")):
        raise ValueError("a header that is no table")
    found: dict[str, tuple[str | None, str | None, str | None]] = {}
    position, end = 1, len(inside) - 1
    while inside[position:end].strip():
        entry = _ENTRY.match(inside, position, end)
        if entry is None:
            raise ValueError("a header of something else than plain numbers")
        name, single, double, truth, lengths = entry.groups()
        found[name] = (single if single is not None else double, truth, lengths)
        position = entry.end()
    descr, order, lengths = (found.get(name, (None,) * 3)[at] for at, name in
                             enumerate(("descr", "fortran_order", "shape")))
    if descr is None or order is None or lengths is None:
        raise ValueError("a header without type, order or shape")
    return NpyHeader(_dtype(descr), _shape(lengths), order == "True")


def _dtype(text: str) -> np.dtype[Any]:
    try:
        dtype = np.dtype(text)
    except (TypeError, ValueError, SyntaxError) as error:
        raise ValueError(f"numbers of the type {text!r}") from error
    if dtype.fields is not None or dtype.shape:
        raise ValueError("records")
    return dtype


def _shape(text: str) -> tuple[int, ...]:
    lengths = [length.strip().removesuffix("L") for length in text.split(",")]
    if lengths and not lengths[-1]:
        lengths.pop()
    if len(lengths) > _MOST_AXES or not all(length.isdecimal() and len(length) < 19 for length in lengths):
        raise ValueError("a shape that no array has")
    return tuple(int(length) for length in lengths)
