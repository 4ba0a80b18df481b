"""The clock time in a WAV's PEAK chunk, taken out, so that the same audio makes the same bytes at any time.

libsndfile puts the chunk into files of float samples: a version, the seconds since 1970, and each channel's peak.
"""

from __future__ import annotations

import struct
from typing import BinaryIO

_FORM_BYTES = 12  # RIFF or RF64, a size, WAVE
_CHUNK_HEADER_BYTES = 8
_TIME_AT = 4  # after the version


def settle_time(stream: BinaryIO) -> None:
    """Set the time in the PEAK chunk of a finished WAV or RF64 file to zero, if it has such a chunk before its data."""
    at = _FORM_BYTES
    stream.seek(at)
    while len(header := stream.read(_CHUNK_HEADER_BYTES)) == _CHUNK_HEADER_BYTES:
        name, size = struct.unpack("<4sI", header)
        if name == b"data":
            return
        if name == b"PEAK":
            stream.seek(at + _CHUNK_HEADER_BYTES + _TIME_AT)
            stream.write(bytes(4))
            return
        at = stream.seek(at + _CHUNK_HEADER_BYTES + size + size % 2)
