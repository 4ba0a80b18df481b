"""Ogg files: the streams that stand in them one behind the other, and whether the last of them has come to its end.

A chained file (RFC 3533, section 4) holds several streams in turn; libsndfile reads the first and is silent about the
rest, as it is about a stream whose last page, which says that it is the last, is not there.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from vocolab.files.parts import Part, Stretch
from vocolab.files.source import AudioSource
from vocolab.files.tags.ogg_tags import mended, read_beginning
from vocolab.layouts import ordered

_HEADER_BYTES = 27
_FIRST, _LAST = 2, 4

# Vorbis I specification, section 4.3.9; Opus has the same order (RFC 7845, section 5.1.1.2).
_ORDERS = {
    1: "FC", 2: "FL FR", 3: "FL FC FR", 4: "FL FR BL BR", 5: "FL FC FR BL BR", 6: "FL FC FR BL BR LFE",
    7: "FL FC FR SL SR BC LFE", 8: "FL FC FR SL SR BL BR LFE",
}  # fmt: skip


@dataclass
class _Link:
    start: int
    serial: int
    channels: int
    end: int = 0
    has_end: bool = False
    lost_pages: int = 0
    _next_page: int = -1

    def take(self, number: int, flags: int, end: int) -> None:
        """A page of this stream."""
        if 0 <= self._next_page < number:
            self.lost_pages += number - self._next_page
        self._next_page, self.end = number + 1, end
        self.has_end = self.has_end or bool(flags & _LAST)


def ogg_source(path: Path, stream: BinaryIO) -> AudioSource | None:
    """How to decode an Ogg file of Vorbis or Opus; None for what is none, or has several streams at a time."""
    links, rest = _links(stream)
    if not links:
        return None
    channels = links[0].channels
    stands = ordered(_ORDERS[channels].split()) if channels in _ORDERS else None
    layout, order = stands if stands else (None, ())
    pieces: tuple[tuple[Part, ...], ...] = ()
    if len(links) > 1 or links[0].start:
        pieces = tuple((Stretch(link.start, link.end - link.start),) for link in links)
    elif (beginning := read_beginning(stream)) and (pages := mended(beginning)):
        audio = Stretch(beginning.end, links[0].end - beginning.end)
        pieces = ((Stretch(0, beginning.start), pages, audio),)
    notes = []
    if not links[-1].has_end or rest:
        notes.append("the file is truncated: its stream has no end")
    if lost := sum(link.lost_pages for link in links):
        notes.append(f"{lost} of its pages are missing; what stood in them is not heard")
    return AudioSource(path, pieces, layout, order if order != tuple(range(channels)) else (),
                       notes=tuple(notes))


def _links(stream: BinaryIO) -> tuple[list[_Link], bool]:
    """The streams in turn, and whether the last page is cut; nothing where two streams run side by side."""
    end = stream.seek(0, 2)
    stream.seek(0)
    links: list[_Link] = []
    at = 0
    while at + _HEADER_BYTES <= end:
        stream.seek(at)
        header = stream.read(_HEADER_BYTES)
        if header[:4] != b"OggS":
            at = _next_page(stream, at + 1, end)
            continue
        sizes = stream.read(header[-1])
        page_end = at + _HEADER_BYTES + len(sizes) + sum(sizes)
        if page_end > end:
            return links, True
        flags = header[5]
        serial, number = struct.unpack_from("<II", header, 14)
        if flags & _FIRST:
            if links and not links[-1].has_end and links[-1].end == at and links[-1].lost_pages == 0 \
                    and links[-1]._next_page == 1:
                return [], False  # a second stream begins before the first has got anywhere
            channels = _channels(stream.read(24))
            if not channels:
                return [], False
            links.append(_Link(at, serial, channels))
        if links and serial == links[-1].serial:
            links[-1].take(number, flags, page_end)
        at = page_end
    return links, False


def _channels(packet: bytes) -> int:
    """Of the packet that a stream begins with; 0 for what is neither Vorbis nor Opus."""
    if packet.startswith(b"\x01vorbis"):
        return packet[11]
    return packet[9] if packet.startswith(b"OpusHead") else 0


def _next_page(stream: BinaryIO, at: int, end: int) -> int:
    """Where the next page begins; the end where there is none."""
    while at < end:
        stream.seek(at)
        data = stream.read(65_536)
        found = data.find(b"OggS")
        if found >= 0:
            return at + found
        at += max(len(data) - 3, 1)
    return end
