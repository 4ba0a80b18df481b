"""The tags of MP3 files: ID3v2 before the frames, and ID3v1 behind them, which is read where there is nothing else."""

from __future__ import annotations

from collections.abc import Collection
from typing import BinaryIO

from vocolab.files.tags.fields import field_text
from vocolab.files.tags.found import Gathered
from vocolab.files.tags.genres import GENRES
from vocolab.files.tags.id3 import Frame, read_id3, written_id3
from vocolab.files.tags.id3_frames import edited, tags_of_frames
from vocolab.files.tags.splicing import splice
from vocolab.tags import Tags

_V1_BYTES = 128
_V1_FIELDS = (("title", 3, 33), ("artist", 33, 63), ("album", 63, 93), ("date", 93, 97), ("comment", 97, 127))
_APE_FOOTER_BYTES = 32
_MOST_TAGS = 8


def tags_of_mp3(stream: BinaryIO) -> Gathered:
    """What the tags of an MP3 say: of several ID3v2 the first says it first."""
    found, at = Gathered(), 0
    for _ in range(_MOST_TAGS):
        tag = read_id3(stream, at)
        if tag is None:
            break
        found.over(tags_of_frames(tag.frames))
        for left_out in tag.left_out:
            found.leave(left_out)
        at += tag.size
    old = _v1(stream)
    if old is not None:
        found.over(old)
    if has_ape(stream):
        found.leave("an APE tag")
    return found


def write_mp3_tags(stream: BinaryIO, tags: Tags, removed: Collection[str] = ()) -> None:
    """State tags in an MP3, over those that it has, as ID3v2.4; an ID3v1 tag goes, which could say something else."""
    tag = read_id3(stream)
    frames: tuple[Frame, ...] = () if tag is None else tag.frames
    old = _v1(stream)
    if old is not None:
        origin = old.origin()
        frames = frames or tuple(edited([], origin.tags if origin else Tags()))
        stream.truncate(stream.seek(-_V1_BYTES, 2))
    splice(stream, 0, 0 if tag is None else tag.size, written_id3(edited(frames, tags, removed)))


def has_ape(stream: BinaryIO) -> bool:
    """Whether an APE tag stands at the end, before an ID3v1 tag if there is one."""
    end = stream.seek(0, 2)
    for behind in (0, _V1_BYTES):
        if end >= behind + _APE_FOOTER_BYTES:
            stream.seek(end - behind - _APE_FOOTER_BYTES)
            if stream.read(8) == b"APETAGEX":
                return True
    return False


def _v1(stream: BinaryIO) -> Gathered | None:
    """What an ID3v1 tag says; None where there is none."""
    end = stream.seek(0, 2)
    if end < _V1_BYTES:
        return None
    stream.seek(end - _V1_BYTES)
    data = stream.read(_V1_BYTES)
    if data[:3] != b"TAG":
        return None
    found = Gathered()
    for name, start, stop in _V1_FIELDS:
        found.add(name, [field_text(data[start:stop])])
    if data[125] == 0 and data[126]:
        found.add("track", [str(data[126])])
    found.add("genre", [GENRES.get(data[127], "")])
    return found
