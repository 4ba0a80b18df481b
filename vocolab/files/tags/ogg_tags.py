"""The tags of Ogg Vorbis and Opus: the second packet of a stream (Vorbis I, section 4.2; RFC 7845, section 5.2).

The packets of a stream's beginning are laid into pages anew (RFC 3533, section 6); those of the audio stay as they are
but for the number of each page, where the beginning takes more or fewer than before.
"""

from __future__ import annotations

import struct
from collections.abc import Collection, Iterator, Sequence
from typing import BinaryIO, NamedTuple

from vocolab.files.ogg import page_checksum, renumber_pages
from vocolab.files.tags.found import Gathered
from vocolab.files.tags.splicing import splice
from vocolab.files.tags.vorbis import (
    Comment,
    edited,
    parse_comment,
    picture_field,
    take_fields,
    written_comment,
)
from vocolab.tags import Tags

_HEADER_BYTES = 27
_CONTINUED = 1
_MOST_SEGMENTS = 255
_LARGEST_SEGMENT = 255
_MOST_BYTES = 64_000_000
_UNFINISHED = 0xFFFF_FFFF_FFFF_FFFF
_FRAMING = b"\x01"


class Beginning(NamedTuple):
    """What stands in a stream before its audio."""

    start: int
    """Of the page behind the first, where the comment begins."""
    end: int
    """Where the pages of the audio begin."""
    pages: int
    serial: int
    mark: bytes
    """What a comment's packet begins with."""
    packets: tuple[bytes, ...]
    """The comment, and what follows it there."""

    @property
    def comment(self) -> bytes:
        """The comment without its mark."""
        return self.packets[0][len(self.mark) :]


def read_beginning(stream: BinaryIO) -> Beginning | None:
    """The beginning of an Ogg file; None for what is neither Vorbis nor Opus, or not laid out as its standard says."""
    stream.seek(0)
    first = _page(stream)
    if first is None or len(first.packets) != 1:
        return None
    if first.packets[0].startswith(b"\x01vorbis"):
        mark, missing = b"\x03vorbis", 2
    elif first.packets[0].startswith(b"OpusHead"):
        mark, missing = b"OpusTags", 1
    else:
        return None
    start, pages, rest, n_bytes = stream.tell(), 0, b"", 0
    packets: list[bytes] = []
    while len(packets) < missing:
        page = _page(stream)
        n_bytes += 0 if page is None else page.size
        if page is None or page.serial != first.serial or n_bytes > _MOST_BYTES:
            return None
        pages += 1
        whole = [*page.packets]
        if whole:
            packets.append(rest + whole[0])
            packets += whole[1:]
            rest = page.rest
        else:
            rest += page.rest
    if len(packets) != missing or rest or not packets[0].startswith(mark):
        return None
    return Beginning(start, stream.tell(), pages, first.serial, mark, tuple(packets))


def mended(beginning: Beginning) -> bytes:
    """Pages as many and as long as those of a beginning whose comment is broken, with an empty comment in them.

    Nothing where it is whole. libvorbis refuses a stream for a comment that it can't read.
    """
    is_vorbis = beginning.mark.startswith(b"\x03")
    room = len(beginning.comment) - 8 - is_vorbis
    if parse_comment(beginning.comment).is_whole or room < 0:
        return b""
    empty = beginning.mark + written_comment(Comment(" " * room, [])) + (_FRAMING if is_vorbis else b"")
    return b"".join(_pages([empty, *beginning.packets[1:]], beginning.serial))


def tags_of_beginning(beginning: Beginning) -> Gathered:
    """What the comment says."""
    found = Gathered()
    comment = parse_comment(beginning.comment)
    take_fields(found, comment.pairs)
    if not comment.is_whole:
        found.leave("a part of its Vorbis comment, which is damaged")
    return found


def write_ogg_tags(stream: BinaryIO, tags: Tags, removed: Collection[str] = ()) -> None:
    """State tags in an Ogg file, over those that it has."""
    found = read_beginning(stream)
    assert found is not None, "an encoder or a reader has seen that it is one"
    comment = parse_comment(found.comment)
    pairs = edited(comment.pairs, tags, removed)
    if tags.cover is not None:
        pairs.append(picture_field(tags.cover))
    packet = found.mark + written_comment(comment._replace(pairs=pairs))
    packet += _FRAMING if found.mark.startswith(b"\x03") else b""
    pages = list(_pages([packet, *found.packets[1:]], found.serial))
    splice(stream, found.start, found.end - found.start, b"".join(pages))
    if len(pages) != found.pages:
        behind = found.start + sum(map(len, pages))
        renumber_pages(stream, behind, found.serial, len(pages) - found.pages)


class _Page(NamedTuple):
    serial: int
    packets: list[bytes]
    """Those that end on it; the first may have begun before."""
    rest: bytes
    """The beginning of one that does not end on it."""
    size: int


def _page(stream: BinaryIO) -> _Page | None:
    header = stream.read(_HEADER_BYTES)
    if len(header) < _HEADER_BYTES or header[:4] != b"OggS":
        return None
    sizes = stream.read(header[-1])
    body = stream.read(sum(sizes))
    if len(body) < sum(sizes):
        return None
    packets, packet_start, at = [], 0, 0
    for size in sizes:
        at += size
        if size < _LARGEST_SEGMENT:
            packets.append(body[packet_start:at])
            packet_start = at
    serial = struct.unpack_from("<I", header, 14)[0]
    return _Page(serial, packets, body[packet_start:], len(header) + len(sizes) + len(body))


def _pages(packets: Sequence[bytes], serial: int) -> Iterator[bytes]:
    """Packets in pages that are counted from 1 on."""
    segments = [segment for packet in packets for segment in _segments(packet)]
    is_continued = False
    for number, start in enumerate(range(0, len(segments), _MOST_SEGMENTS)):
        here = segments[start : start + _MOST_SEGMENTS]
        has_end = any(len(segment) < _LARGEST_SEGMENT for segment in here)
        head = struct.pack("<4sBBQIIIB", b"OggS", 0, _CONTINUED * is_continued, 0 if has_end else _UNFINISHED, serial,
                           number + 1, 0, len(here))
        page = head + bytes(map(len, here)) + b"".join(here)
        yield page[:22] + struct.pack("<I", page_checksum(page)) + page[26:]
        is_continued = len(here[-1]) == _LARGEST_SEGMENT


def _segments(packet: bytes) -> Iterator[bytes]:
    """Of 255 bytes, and a shorter one at the end, which may be empty."""
    for start in range(0, len(packet) + 1, _LARGEST_SEGMENT):
        yield packet[start : start + _LARGEST_SEGMENT]
