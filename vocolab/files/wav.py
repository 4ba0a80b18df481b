"""What libsndfile does not write into a WAV as it should be: the loudspeakers of its channels, and no clock time.

libsndfile puts a chunk PEAK into files of float samples: a version, the seconds since 1970, and each channel's peak.
The time is taken out, so that the same audio makes the same bytes at any time.
"""

from __future__ import annotations

import struct
from typing import BinaryIO

_FORM_BYTES = 12  # RIFF or RF64, a size, WAVE
_CHUNK_HEADER_BYTES = 8
_TIME_AT = 4  # after the version
_MASK_AT = 20


def settle_time(stream: BinaryIO) -> None:
    """Set the time in the PEAK chunk of a finished WAV or RF64 file to zero, if it has such a chunk before its data."""
    if at := _chunk_at(stream, b"PEAK"):
        stream.seek(at + _TIME_AT)
        stream.write(bytes(4))


def settle_mask(stream: BinaryIO, mask: int) -> None:
    """Write the channel mask of a finished WAV or RF64 file whose format is WAVE_FORMAT_EXTENSIBLE."""
    if at := _chunk_at(stream, b"fmt "):
        stream.seek(at + _MASK_AT)
        stream.write(struct.pack("<I", mask))


def _chunk_at(stream: BinaryIO, wanted: bytes) -> int:
    """Where the content of a chunk before the data begins; 0 where there is none of that name."""
    at = _FORM_BYTES
    stream.seek(at)
    while len(header := stream.read(_CHUNK_HEADER_BYTES)) == _CHUNK_HEADER_BYTES:
        name, size = struct.unpack("<4sI", header)
        if name == wanted:
            return at + _CHUNK_HEADER_BYTES
        if name == b"data":
            break
        at = stream.seek(at + _CHUNK_HEADER_BYTES + size + size % 2)
    return 0
