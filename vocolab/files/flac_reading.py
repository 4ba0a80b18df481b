"""FLAC files: what their metadata blocks say before the audio (RFC 9639, section 8)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO

from vocolab.layouts import Layout, from_mask, of_flac

COMMENT, PICTURE, PADDING = 4, 6, 1
MASK_FIELD = "WAVEFORMATEXTENSIBLE_CHANNEL_MASK"
"""A comment in which FLAC states a layout that is not the one of its number of channels."""
_MOST_BYTES = 1 << 24


def metadata_blocks(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Kind and content of each block; the stream stands behind the last one then. Nothing for what is no FLAC."""
    stream.seek(0)
    if stream.read(4) != b"fLaC":
        return
    is_last = False
    while not is_last and len(header := stream.read(4)) == 4:
        is_last, kind, size = bool(header[0] & 0x80), header[0] & 0x7F, int.from_bytes(header[1:], "big")
        yield kind, stream.read(min(size, _MOST_BYTES))


def comments(content: bytes) -> list[tuple[str, str]]:
    """Names and texts of a Vorbis comment (Vorbis I specification, section 5); as far as it can be read."""
    found = []
    try:
        at = 4 + struct.unpack_from("<I", content)[0]
        count = struct.unpack_from("<I", content, at)[0]
        at += 4
        for _ in range(count):
            size = struct.unpack_from("<I", content, at)[0]
            text = content[at + 4 : at + 4 + size]
            at += 4 + size
            name, equals, value = text.decode("utf-8", errors="replace").partition("=")
            if equals:
                found.append((name, value))
    except struct.error:
        pass
    return found


def flac_layout(stream: BinaryIO, channels: int) -> Layout | None:
    """The layout of a FLAC file: what a comment states, else what the format defines."""
    for kind, content in metadata_blocks(stream):
        for name, value in comments(content) if kind == COMMENT else ():
            if name.upper() == MASK_FIELD:
                try:
                    return from_mask(int(value, 0), channels)
                except ValueError:
                    break
    return of_flac(channels)
