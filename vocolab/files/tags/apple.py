"""The tags of AIFF (its text chunks, and ID3) and of CAF (its chunk info)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO

from vocolab.files.tags.found import Gathered
from vocolab.files.tags.id3_frames import tags_of_id3

_MOST_BYTES = 16_000_000
_MOST_CHUNKS = 10_000
_MOST_ENTRIES = 2000
_TEXTS = {b"NAME": "title", b"AUTH": "artist", b"ANNO": "comment", b"(c) ": "copyright"}


def tags_of_aiff(stream: BinaryIO) -> Gathered:
    """What the chunks of an AIFF say."""
    found, texts = Gathered(), Gathered()
    for name, content in _chunks(stream, 12, ">4sI", is_padded=True, wanted={*_TEXTS, b"ID3 ", b"id3 "}):
        if name in _TEXTS:
            texts.add(_TEXTS[name], [content.split(b"\0")[0].decode("utf-8", "replace")])
            continue
        found.over(tags_of_id3(content))
    found.over(texts)
    return found


def tags_of_caf(stream: BinaryIO) -> Gathered:
    """What the chunk info of a CAF says."""
    found = Gathered()
    for _, content in _chunks(stream, 8, ">4sq", is_padded=False, wanted={b"info"}):
        texts = content[4:].split(b"\0")
        for name, text in list(zip(texts[::2], texts[1::2], strict=False))[:_MOST_ENTRIES]:
            found.add(name.decode("utf-8", "replace"), [text.decode("utf-8", "replace")])
    return found


def _chunks(
    stream: BinaryIO, start: int, form: str, *, is_padded: bool, wanted: set[bytes]
) -> Iterator[tuple[bytes, bytes]]:
    header_bytes = struct.calcsize(form)
    at, count = start, 0
    stream.seek(at)
    while len(header := stream.read(header_bytes)) == header_bytes and count < _MOST_CHUNKS:
        name, size = struct.unpack(form, header)
        if size < 0:  # a CAF whose last chunk reaches to the end
            return
        if name in wanted:
            yield name, stream.read(min(size, _MOST_BYTES))
        at += header_bytes + size + (size % 2 if is_padded else 0)
        count += 1
        stream.seek(at)
