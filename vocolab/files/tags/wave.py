"""The tags of WAV files: LIST INFO, bext, cue points with their labels, and an ID3 tag for what those can't hold."""

from __future__ import annotations

import struct
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from vocolab.errors import OutputError
from vocolab.files.riff import Chunk, WaveFile, read_wave
from vocolab.files.tags.broadcast import (
    LOUDNESS_AT,
    LOUDNESS_VERSION,
    VERSION_AT,
    loudness_fields,
    parse_bext,
    written_bext,
)
from vocolab.files.tags.found import Gathered
from vocolab.files.tags.id3 import Frame, parse_id3, written_id3
from vocolab.files.tags.id3_frames import edited, tags_of_id3
from vocolab.files.tags.names import INFO_CHUNKS, INFO_OLD_CHUNKS
from vocolab.files.tags.splicing import splice
from vocolab.tags import Chapter, Tags

_MOST_BYTES = 16_000_000
"""Of a chunk that is read."""
_MOST_HEADER_BYTES = 64_000_000
_ID3_NAMES = (b"id3 ", b"ID3 ")
_INFO, _LABELS = b"INFO", b"adtl"
_INFO_NAMES = {chunk: name for name, chunk in INFO_CHUNKS.items()} | INFO_OLD_CHUNKS
_OF_THE_SAMPLES = {b"fmt ", b"data", b"fact", b"PEAK", b"ds64", b"JUNK", b"junk", b"PAD ", b"FLLR", b"filr", b"levl"}
"""Chunks that belong to the samples as they were, or that are there to fill."""
_CUE = struct.Struct("<II4sIII")


def tags_of_wave(stream: BinaryIO, sample_rate: int) -> Gathered:
    """What the chunks of a WAV say. An ID3 tag can hold more than INFO, and wins."""
    found, info = Gathered(), Gathered()
    wave = read_wave(stream)
    if wave is None or wave.byte_order == ">":
        return found
    marks = _Marks()
    for chunk in wave.chunks:
        if chunk.name in _OF_THE_SAMPLES:
            continue
        content = _content(stream, chunk)
        if chunk.name in _ID3_NAMES:
            found.over(tags_of_id3(content))
        elif chunk.name == b"bext":
            found.broadcast = parse_bext(content, sample_rate)
        elif _is_info(chunk, content):
            _take_info(info, content[4:])
        elif not marks.take(chunk.name, content):
            info.leave(f"the chunk {chunk.name.decode('latin-1').strip()}")
    info.chapters = marks.chapters(sample_rate)
    found.over(info)
    return found


@dataclass
class _Marks:
    """Cue points by their numbers: where they are, what they are called, and how long they last, in samples."""

    at: dict[int, int] = field(default_factory=dict)
    labels: dict[int, str] = field(default_factory=dict)
    lengths: dict[int, int] = field(default_factory=dict)

    def take(self, chunk: bytes, content: bytes) -> bool:
        """What a chunk says of marks; False for one that says nothing of them."""
        if chunk == b"cue ":
            self.at |= _cue_points(content)
        elif chunk == b"LIST" and content[:4] == _LABELS:
            self._name(content[4:])
        else:
            return False
        return True

    def _name(self, labels: bytes) -> None:
        for name, body in _subchunks(labels):
            number = int.from_bytes(body[:4], "little")
            if name in (b"labl", b"note"):
                self.labels.setdefault(number, _text(body[4:]))
            elif name == b"ltxt":
                self.lengths[number] = int.from_bytes(body[4:8], "little")

    def chapters(self, sample_rate: int) -> list[Chapter]:
        """One for each, in the order of time."""
        chapters = []
        for number, start in sorted(self.at.items(), key=lambda mark: (mark[1], mark[0])):
            length = self.lengths.get(number, 0)
            end_s = (start + length) / sample_rate if length else None
            chapters.append(Chapter(start / sample_rate, self.labels.get(number, ""), end_s))
        return chapters


def write_wave_tags(stream: BinaryIO, tags: Tags, sample_rate: int, removed: Collection[str] = ()) -> None:
    """State tags in a WAV, over those that it has: in chunks before the samples.

    Raises:
        OutputError: if its header is too large to be written anew, or the file would be too large for a WAV.
    """
    wave = read_wave(stream)
    assert wave is not None, "an encoder or a reader has seen that it is one"
    data = wave.first(b"data")
    assert data is not None
    header_end = data.start - 8
    if header_end > _MOST_HEADER_BYTES:
        raise OutputError("its header is of more than 64 MB; its tags can't be written")
    contents = {chunk: _content(stream, chunk, _MOST_HEADER_BYTES) for chunk in wave.chunks if chunk is not data}
    told = {name.casefold() for name, _ in tags.values} | set(removed)
    lists = [content for chunk, content in contents.items() if _is_info(chunk, content)]
    info = [
        (name, text) for content in lists for name, text in _subchunks(content[4:])
        if _INFO_NAMES.get(name.decode("latin-1")) not in told
    ]  # fmt: skip
    id3 = [content for chunk, content in contents.items() if chunk.name in _ID3_NAMES]
    old = [frame for content in id3 for frame in parse_id3(content).frames]
    frames = edited(old, Tags(), told) if id3 else None
    kept: list[bytes] = []
    for chunk, content in reversed(contents.items()):
        is_written_anew = _is_info(chunk, content) or chunk.name in _ID3_NAMES or _is_replaced(chunk, content, tags)
        if chunk.start > data.start and is_written_anew:
            splice(stream, chunk.start - 8, 8 + chunk.size + chunk.size % 2, b"")
        elif chunk.start < data.start and not is_written_anew:
            kept.insert(0, _chunk(chunk.name, content))
    splice(stream, 12, header_end - 12, b"".join([*kept, *_new_chunks(tags, info, frames, sample_rate)]))
    _settle_size(stream, wave)


def _is_info(chunk: Chunk, content: bytes) -> bool:
    return chunk.name == b"LIST" and content[:4] == _INFO


def write_bext_loudness(stream: BinaryIO, values: Sequence[float | None]) -> bool:
    """Note in a chunk bext what EBU Tech 3285 version 2 has places for; False where there is none.

    Args:
        stream: The file, for reading and writing.
        values: Loudness in LUFS, its range in LU, the highest true peak in dBTP, and the highest momentary and
            short-term loudness in LUFS; None: unknown.
    """
    wave = read_wave(stream)
    chunk = wave.first(b"bext") if wave else None
    if chunk is None or chunk.size < LOUDNESS_AT + 2 * len(values):
        return False
    stream.seek(chunk.start + VERSION_AT)
    stream.write(struct.pack("<H", LOUDNESS_VERSION))
    stream.seek(chunk.start + LOUDNESS_AT)
    stream.write(loudness_fields(values))
    return True


def _new_chunks(
    tags: Tags, info: Sequence[tuple[bytes, bytes]], frames: Sequence[Frame] | None, sample_rate: int
) -> Iterator[bytes]:
    """Chunks of what is stated, and of what else stood there: in LIST INFO, and in an ID3 tag if there was one."""
    stated = {INFO_CHUNKS[name].encode(): "; ".join(texts) for name, texts in tags.values if name in INFO_CHUNKS}
    texts = [*((name, text.encode("utf-8", "replace") + b"\0") for name, text in stated.items()), *info]
    if texts:
        yield _chunk(b"LIST", _INFO + b"".join(_chunk(name, text) for name, text in texts))
    if tags.broadcast is not None:
        yield _chunk(b"bext", written_bext(tags.broadcast, sample_rate))
    if tags.chapters:
        yield from _chapter_chunks(tags.chapters, sample_rate)
    needs_id3 = frames is not None or tags.cover is not None or any(
        name not in INFO_CHUNKS or len(several) > 1 for name, several in tags.values
    )
    if needs_id3:
        yield _chunk(b"id3 ", written_id3(edited(frames or [], tags.with_(chapters=(), broadcast=None))))


def _chapter_chunks(chapters: Sequence[Chapter], sample_rate: int) -> Iterator[bytes]:
    cues, labels = b"", b""
    for number, chapter in enumerate(chapters, start=1):
        at = min(round(chapter.start_s * sample_rate), 0xFFFF_FFFF)
        cues += _CUE.pack(number, at, b"data", 0, 0, at)
        identity = struct.pack("<I", number)
        labels += _chunk(b"labl", identity + chapter.title.encode("utf-8", "replace") + b"\0")
        if chapter.end_s is not None and chapter.end_s > chapter.start_s:
            length = min(round(chapter.end_s * sample_rate) - at, 0xFFFF_FFFF)
            labels += _chunk(b"ltxt", identity + struct.pack("<I4sHHHH", max(length, 0), b"rgn ", 0, 0, 0, 0))
    yield _chunk(b"cue ", struct.pack("<I", len(chapters)) + cues)
    yield _chunk(b"LIST", _LABELS + labels)


def _is_replaced(chunk: Chunk, content: bytes, tags: Tags) -> bool:
    if chunk.name == b"bext":
        return tags.broadcast is not None
    return bool(tags.chapters) and (chunk.name == b"cue " or (chunk.name == b"LIST" and content[:4] == _LABELS))


def _settle_size(stream: BinaryIO, wave: WaveFile) -> None:
    """Write the size of the whole where it stands."""
    size = stream.seek(0, 2) - 8
    if wave.magic in (b"RF64", b"BW64"):
        stream.seek(20)  # the chunk ds64 comes first
        stream.write(struct.pack("<Q", size))
    elif size >= 2**32:
        raise OutputError("with these tags the file is over 4 GB, which a WAV can't be")
    else:
        stream.seek(4)
        stream.write(struct.pack("<I", size))


def _take_info(info: Gathered, content: bytes) -> None:
    for name, body in _subchunks(content):
        named = _INFO_NAMES.get(name.decode("latin-1"))
        text = _text(body)
        if named is not None:
            info.add(named, [text])
        elif text:
            info.leave(f"the text {name.decode('latin-1')} of LIST INFO")


def _cue_points(content: bytes) -> dict[int, int]:
    """Numbers of cue points, and the sample that each is at."""
    count = min(int.from_bytes(content[:4], "little"), (len(content) - 4) // _CUE.size)
    points = (_CUE.unpack_from(content, 4 + number * _CUE.size) for number in range(max(count, 0)))
    return {number: at for number, _, where, _, _, at in points if where in (b"data", b"\0\0\0\0")}


def _subchunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at + 8 <= len(content):
        size = int.from_bytes(content[at + 4 : at + 8], "little")
        yield content[at : at + 4], content[at + 8 : at + 8 + size]
        at += 8 + size + size % 2


def _content(stream: BinaryIO, chunk: Chunk, most_bytes: int = _MOST_BYTES) -> bytes:
    stream.seek(chunk.start)
    return stream.read(min(chunk.size, most_bytes))


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)


def _text(content: bytes) -> str:
    text = content.split(b"\0")[0]
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError:
        return text.decode("cp1252", "replace")
