"""The number of an Ogg stream, made the same for every file, so that the same audio makes the same bytes.

libsndfile draws it by chance. It tells apart streams that are mixed in one file, and there is only one here. Each page
of the file has it, and a checksum (RFC 3533, section 6): a CRC of 32 bits by 0x04c11db7, first bit first, over the page
with the checksum's own place empty. A CRC is linear: a change of four bytes changes it by the CRC of that change alone.
"""

from __future__ import annotations

import struct
from functools import lru_cache
from typing import BinaryIO

_SERIAL = 0x766F636F  # "voco"
_POLYNOMIAL = 0x04C11DB7
_HEADER_BYTES = 27
_SERIAL_AT, _CHECKSUM_AT = 14, 22


def settle_serial(stream: BinaryIO) -> None:
    """Give the pages of a finished Ogg file that holds one stream a number that does not change from call to call."""
    at = stream.seek(0)
    while len(header := stream.read(_HEADER_BYTES)) == _HEADER_BYTES and header.startswith(b"OggS"):
        sizes = stream.read(header[-1])
        page_bytes = _HEADER_BYTES + len(sizes) + sum(sizes)
        serial, checksum = (struct.unpack_from("<I", header, place)[0] for place in (_SERIAL_AT, _CHECKSUM_AT))
        change = int.from_bytes(struct.pack("<I", serial ^ _SERIAL), "big")
        checksum ^= _after_zeros(change, page_bytes - _SERIAL_AT)
        for place, value in ((_SERIAL_AT, _SERIAL), (_CHECKSUM_AT, checksum)):
            stream.seek(at + place)
            stream.write(struct.pack("<I", value))
        at = stream.seek(at + page_bytes)


def _after_zeros(state: int, n_bytes: int) -> int:
    """The checksum's 32 bits after so many bytes of zeros; the first four push out what `state` began as."""
    power = 0
    while n_bytes >> power:
        if n_bytes >> power & 1:
            state = _applied(_zeros(power), state)
        power += 1
    return state


@lru_cache(maxsize=32)
def _zeros(power: int) -> tuple[int, ...]:
    """What 2**power bytes of zeros make of each bit of the state."""
    if power:
        half = _zeros(power - 1)
        return tuple(_applied(half, image) for image in half)
    return tuple(_one_byte(1 << bit) for bit in range(32))


def _applied(images: tuple[int, ...], state: int) -> int:
    result = 0
    for bit, image in enumerate(images):
        if state >> bit & 1:
            result ^= image
    return result


def _one_byte(state: int) -> int:
    for _ in range(8):
        state = (state << 1 & 0xFFFF_FFFF) ^ (_POLYNOMIAL if state >> 31 else 0)
    return state
