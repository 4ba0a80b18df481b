"""Pages of Ogg files: their stream's number, how they are counted, and their checksums.

libsndfile draws a stream's number by chance. It tells apart streams that are mixed in one file, and there is only one
here: it is made the same for every file, so that the same audio makes the same bytes. Each page has it, and a checksum
(RFC 3533, section 6): a CRC of 32 bits by 0x04c11db7, first bit first, over the page with the checksum's own place
empty. A CRC is linear: a change of four bytes changes it by the CRC of that change alone.
"""

from __future__ import annotations

import struct
import zlib
from functools import lru_cache
from typing import BinaryIO

_SERIAL = 0x766F636F  # "voco"
_POLYNOMIAL = 0x04C11DB7
_HEADER_BYTES = 27
_FLAGS_AT, _BEGINS = 5, 2
_SERIAL_AT, _NUMBER_AT = 14, 18
"""The checksum stands behind them."""
_ALL_BITS = 0xFFFF_FFFF
_MIRRORED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def settle_serial(stream: BinaryIO) -> None:
    """Give the pages of a finished Ogg file that holds one stream a number that does not change from call to call."""
    _change_pages(stream, 0, _SERIAL, 0)


def renumber_pages(stream: BinaryIO, at: int, serial: int, by: int) -> None:
    """Count the pages of a stream from `at` on so many higher; those of a stream that follows keep their numbers."""
    _change_pages(stream, at, serial, by)


def page_checksum(page: bytes) -> int:
    """The checksum of a page whose own place for it is empty."""
    # zlib has the same polynomial with the bits of everything the other way round, and complements begin and end.
    state = zlib.crc32(page.translate(_MIRRORED), _ALL_BITS) ^ _ALL_BITS
    return int(f"{state:032b}"[::-1], 2)


def _change_pages(stream: BinaryIO, at: int, serial: int, by: int) -> None:
    """Give the pages of the stream at `at` a number, and count them `by` higher."""
    first, begin = None, stream.seek(at)
    while len(header := stream.read(_HEADER_BYTES)) == _HEADER_BYTES and header.startswith(b"OggS"):
        sizes = stream.read(header[-1])
        page_bytes = _HEADER_BYTES + len(sizes) + sum(sizes)
        old, number, checksum = struct.unpack_from("<III", header, _SERIAL_AT)
        first = old if first is None else first
        if old != first or (at > begin and header[_FLAGS_AT] & _BEGINS):
            return
        counted = (number + by) & _ALL_BITS
        for changed, place in ((old ^ serial, _SERIAL_AT), (number ^ counted, _NUMBER_AT)):
            change = int.from_bytes(struct.pack("<I", changed), "big")
            checksum ^= _after_zeros(change, page_bytes - place)
        stream.seek(at + _SERIAL_AT)
        stream.write(struct.pack("<III", serial, counted, checksum))
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
