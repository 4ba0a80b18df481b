"""Covers: JPEG and PNG, told by their first bytes, and how large they are."""

from __future__ import annotations

import os
import struct
from pathlib import Path

from vocolab.errors import InputError
from vocolab.given_files import open_given
from vocolab.tags import Picture

MOST_BYTES = 10_000_000
"""A block of FLAC holds 16 MB; players give up on less."""
_MOST_PIXELS = 20_000
_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
_PNG_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_NO_SIZE = {0xC4, 0xC8, 0xCC}
"""JPEG segments among those of frames that are none: Huffman tables, extensions, arithmetic coding."""


def read_cover(path: str | os.PathLike[str]) -> Picture:
    """The picture in a file.

    Raises:
        InputError: if it can't be read, is larger than 10 MB, or is neither JPEG nor PNG.
    """
    place = Path(path)
    try:
        with open_given(place) as stream:
            data = stream.read(MOST_BYTES + 1)
    except FileNotFoundError as error:
        raise InputError("there is no such file", about=place) from error
    except OSError as error:
        raise InputError(f"can't be read: {error.strerror or error}", about=place) from error
    if len(data) > MOST_BYTES:
        raise InputError(f"a cover of more than {MOST_BYTES / 1e6:g} MB, which players refuse; make it smaller",
                         about=place)
    if not data.startswith((_JPEG, _PNG)):
        found = "is empty" if not data else "is neither a JPEG nor a PNG"
        raise InputError(f"{found}, as a cover has to be", about=place)
    picture = picture_of(data)
    if picture is None:
        raise InputError("begins like a picture, and does not say how large it is: it is damaged", about=place)
    return picture


def picture_of(data: bytes) -> Picture | None:
    """The picture that bytes hold; None for what is neither JPEG nor PNG, or is damaged."""
    if len(data) > MOST_BYTES:
        return None
    if data.startswith(_PNG):
        return _png(data)
    return _jpeg(data) if data.startswith(_JPEG) else None


def _png(data: bytes) -> Picture | None:
    if data[12:16] != b"IHDR" or len(data) < 33:
        return None
    width, height, depth, kind = struct.unpack_from(">IIBB", data, 16)
    return _made(data, "image/png", width, height, depth * _PNG_SAMPLES.get(kind, 0))


def _jpeg(data: bytes) -> Picture | None:
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:  # padding
            at += 1
            continue
        size = int.from_bytes(data[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in _NO_SIZE and at + 10 <= len(data):
            depth, height, width, n_parts = struct.unpack_from(">BHHB", data, at + 4)
            return _made(data, "image/jpeg", width, height, depth * n_parts)
        at += 2 + max(size, 2)
    return None


def _made(data: bytes, mime: str, width: int, height: int, bits: int) -> Picture | None:
    is_right = 0 < width <= _MOST_PIXELS and 0 < height <= _MOST_PIXELS and bits > 0
    return Picture(data, mime, width, height, bits) if is_right else None
