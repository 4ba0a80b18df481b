"""ID3v2 tags as frames: read in versions 2.2, 2.3 and 2.4, written in 2.4 (id3.org, "ID3 tag version 2.4.0").

Whatever is read comes out as frames of 2.4. A tag that is broken gives what can be read of it.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from typing import BinaryIO, NamedTuple

from vocolab.files.tags.names import ID3_SHORT_FRAMES

HEADER_BYTES = 10
MOST_BYTES = 32_000_000
"""Of a tag that is read; a larger one is left alone."""
_MOST_FRAMES = 5000
_CHAPTERS, _CONTENTS = "CHAP", "CTOC"


class Frame(NamedTuple):
    """A frame of ID3v2.4 without its header."""

    name: str
    body: bytes


class Id3(NamedTuple):
    """A tag that was found."""

    frames: tuple[Frame, ...]
    size: int
    """Of the whole tag in the file, with header, footer and padding."""
    left_out: tuple[str, ...] = ()
    """What of it can't be kept, for people."""


def read_id3(stream: BinaryIO, at: int = 0) -> Id3 | None:
    """The tag that begins at `at`; None where none does."""
    stream.seek(at)
    header = stream.read(HEADER_BYTES)
    if len(header) < HEADER_BYTES or header[:3] != b"ID3":
        return None
    size = HEADER_BYTES + _syncsafe(header[6:]) + HEADER_BYTES * bool(header[5] & 0x10)
    if size > MOST_BYTES:
        return Id3((), size, (f"an ID3 tag of {size / 1e6:.0f} MB",))
    return parse_id3(header + stream.read(size - HEADER_BYTES), size)


def parse_id3(data: bytes, size: int | None = None) -> Id3:
    """The frames of a whole tag, header first; `size` is that in the file, if not all of it is here."""
    if len(data) < HEADER_BYTES or data[:3] != b"ID3":
        return Id3((), len(data), ("an ID3 tag that is none",))
    version, flags = data[3], data[5]
    body = data[HEADER_BYTES : HEADER_BYTES + _syncsafe(data[6:10])]
    whole = size or len(data)
    if version not in (2, 3, 4):
        return Id3((), whole, (f"an ID3 tag of version 2.{version}",))
    if flags & 0x80 and version < 4:
        body = _synchronised(body)
    if flags & 0x40 and version > 2:  # an extended header, whose size counts itself in 2.4 only
        body = body[4 + int.from_bytes(body[:4], "big") if version == 3 else max(_syncsafe(body[:4]), 6) :]
    frames, left_out = [], []
    for name, content in _frames(body, version):
        if content is None:
            left_out.append(f"the ID3 frame {name}")
        elif (frame := _as_of_today(name, content, version)) is None:
            left_out.append(f"the ID3 frame {name} (of version 2.{version})")
        else:
            frames.append(frame)
    return Id3(tuple(frames), whole, tuple(dict.fromkeys(left_out)))


def written_id3(frames: Iterable[Frame]) -> bytes:
    """A tag of version 2.4 of these frames; nothing for none."""
    body = b"".join(_written(frame) for frame in frames)
    return b"ID3\x04\x00\x00" + _as_syncsafe(len(body)) + body if body else b""


def subframes(data: bytes) -> list[Frame]:
    """Frames inside a frame of 2.4: of a chapter, say."""
    return [Frame(name, content) for name, content in _frames(data, 4) if content is not None]


def written_subframes(frames: Iterable[Frame]) -> bytes:
    """The same as bytes."""
    return b"".join(_written(frame) for frame in frames)


def _written(frame: Frame) -> bytes:
    return frame.name.encode("latin-1") + _as_syncsafe(len(frame.body)) + b"\0\0" + frame.body


def _frames(body: bytes, version: int) -> Iterator[tuple[str, bytes | None]]:
    """Names and contents; None for what is encrypted or can't be unpacked. Ends at padding, and at what is none."""
    name_bytes, header_bytes = (3, 6) if version == 2 else (4, HEADER_BYTES)
    at = count = 0
    while at + header_bytes < len(body) and count < _MOST_FRAMES:
        name = body[at : at + name_bytes]
        if not (name.isalnum() and name.upper() == name):
            return
        size = _frame_size(body, at, version)
        start = at + header_bytes
        if size > len(body) - start:
            return
        flags = body[at + 8 : at + 10] if version > 2 else b"\0\0"
        yield name.decode("latin-1"), _unpacked(body[start : start + size], flags, version)
        at, count = start + size, count + 1


def _frame_size(body: bytes, at: int, version: int) -> int:
    """Of 2.4 seven bits a byte, but some programs wrote eight: then the frame behind it tells which is right."""
    if version == 2:
        return int.from_bytes(body[at + 3 : at + 6], "big")
    plain = int.from_bytes(body[at + 4 : at + 8], "big")
    if version == 3:
        return plain
    safe = _syncsafe(body[at + 4 : at + 8])
    if plain == safe or _may_follow(body, at + HEADER_BYTES + safe):
        return safe
    return plain if _may_follow(body, at + HEADER_BYTES + plain) else safe


def _may_follow(body: bytes, at: int) -> bool:
    name = body[at : at + 4]
    return at == len(body) or not name.strip(b"\0") or (len(name) == 4 and name.isalnum() and name.upper() == name)


def _unpacked(content: bytes, flags: bytes, version: int) -> bytes | None:
    kind = flags[1] if len(flags) > 1 else 0
    packed, secret, grouped, sized, unsynchronised = (
        (0x80, 0x40, 0x20, 0x80, 0) if version == 3 else (0x08, 0x04, 0x40, 0x01, 0x02)
    )
    if kind & secret:
        return None
    content = content[bool(kind & grouped) + 4 * bool(kind & sized) :]
    if kind & unsynchronised:
        content = _synchronised(content)
    return _inflated(content) if kind & packed else content


def _inflated(content: bytes) -> bytes | None:
    unpacker = zlib.decompressobj()
    try:
        content = unpacker.decompress(content, MOST_BYTES)
    except zlib.error:
        return None
    return None if unpacker.unconsumed_tail else content


def _as_of_today(name: str, content: bytes, version: int) -> Frame | None:
    """A frame of 2.4; None for what 2.4 has no frame for."""
    if version == 2:
        known = ID3_SHORT_FRAMES.get(name)
        if known == "APIC":  # three letters of the format where there is a MIME type now
            mime = {b"PNG": b"image/png", b"JPG": b"image/jpeg"}.get(content[1:4].upper(), content[1:4])
            return Frame(known, content[:1] + mime + b"\0" + content[4:])
        return Frame(known, content) if known else None
    if version == 3 and name == "IPLS":
        return Frame("TIPL", content)
    return None if version == 3 and name in ("EQUA", "RVAD", "TSIZ") else Frame(name, content)


def _synchronised(data: bytes) -> bytes:
    return data.replace(b"\xff\x00", b"\xff")


def _syncsafe(data: bytes) -> int:
    return sum((byte & 0x7F) << 7 * (3 - index) for index, byte in enumerate(data[:4]))


def _as_syncsafe(number: int) -> bytes:
    return bytes(number >> 7 * (3 - index) & 0x7F for index in range(4))
