"""Vorbis comments: of FLAC, Ogg Vorbis and Opus (Vorbis I specification, section 5; RFC 9639, sections 8.6 and 8.8)."""

from __future__ import annotations

import base64
import binascii
import re
import struct
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

from vocolab.files.tags.found import Gathered
from vocolab.files.tags.names import VORBIS_FIELDS, VORBIS_TOTALS
from vocolab.files.tags.pictures import picture_of
from vocolab.tags import Chapter, Picture, Tags, known_name

Pairs: TypeAlias = "list[tuple[str, str]]"

PICTURE_FIELD = "METADATA_BLOCK_PICTURE"
_OLD_PICTURE_FIELDS = ("COVERART", "COVERARTMIME")
_MOST_FIELDS = 20_000
_FRONT_COVER = 3
_CHAPTER = re.compile(r"CHAPTER(\d{1,4})(NAME|URL)?", re.IGNORECASE)
_CLOCK = re.compile(r"(\d{1,4}):(\d\d):(\d\d(?:\.\d{1,9})?)")
_TOTALS = {field: name for name, fields in VORBIS_TOTALS.items() for field in fields}


class Comment(NamedTuple):
    """A comment: the program that made it, and its fields."""

    vendor: str
    pairs: Pairs
    is_whole: bool = True
    """Whether all of it could be read."""


def parse_comment(data: bytes) -> Comment:
    """The fields of a comment, as far as it can be read."""
    pairs: Pairs = []
    try:
        n_bytes = struct.unpack_from("<I", data)[0]
        vendor = data[4 : 4 + n_bytes].decode("utf-8", "replace")
        at = 4 + n_bytes
        count = struct.unpack_from("<I", data, at)[0]
        at += 4
        for _ in range(min(count, _MOST_FIELDS)):
            size = struct.unpack_from("<I", data, at)[0]
            if at + 4 + size > len(data):
                return Comment(vendor, pairs, is_whole=False)
            name, equals, value = data[at + 4 : at + 4 + size].decode("utf-8", "replace").partition("=")
            at += 4 + size
            if equals:
                pairs.append((name, value))
    except struct.error:
        return Comment("", pairs, is_whole=False)
    return Comment(vendor, pairs, is_whole=count <= _MOST_FIELDS)


def written_comment(comment: Comment) -> bytes:
    """The bytes of a comment."""
    fields = [f"{name}={value}".encode("utf-8", "replace") for name, value in comment.pairs]
    vendor = comment.vendor.encode("utf-8", "replace")
    head = struct.pack("<I", len(vendor)) + vendor + struct.pack("<I", len(fields))
    return head + b"".join(struct.pack("<I", len(field)) + field for field in fields)


def take_fields(found: Gathered, pairs: Sequence[tuple[str, str]]) -> None:
    """Add what fields say."""
    chapters: dict[int, list[str]] = {}
    for name, value in pairs:
        upper = name.upper()
        if upper in (PICTURE_FIELD, *_OLD_PICTURE_FIELDS):
            _take_picture(found, upper, value)
        elif chapter := _CHAPTER.fullmatch(name):
            _take_chapter(chapters, chapter, value)
        elif upper not in _TOTALS:
            found.add(name, [value])
    for field, name in _TOTALS.items():
        total = next((value.strip() for named, value in pairs if named.upper() == field), "")
        number = found.text(name)
        if total and number and "/" not in number:
            found.replace(name, f"{number}/{total}")
    found.chapters += _chapters(found, chapters)


def edited(pairs: Iterable[tuple[str, str]], tags: Tags, removed: Collection[str] = ()) -> Pairs:
    """Fields with what `tags` state in the place of what they said of it, and without `removed` names.

    A cover is not among them.
    """
    stated = {name.casefold() for name, _ in tags.values} | set(removed)
    kept = []
    for name, value in pairs:
        is_told = known_name(name).casefold() in stated or _TOTALS.get(name.upper(), "") in stated
        is_chapter = bool(tags.chapters) and _CHAPTER.fullmatch(name) is not None
        is_cover = tags.cover is not None and name.upper() in (PICTURE_FIELD, *_OLD_PICTURE_FIELDS)
        if not (is_told or is_chapter or is_cover):
            kept.append((name, value))
    return [*_text_fields(tags), *kept, *_chapter_fields(tags.chapters)]


def picture_block(cover: Picture) -> bytes:
    """A front cover as FLAC's block PICTURE has it."""
    mime = cover.mime.encode()
    head = struct.pack(">II", _FRONT_COVER, len(mime)) + mime
    sizes = struct.pack(">IIIIII", 0, cover.width, cover.height, cover.bits, 0, len(cover.data))
    return head + sizes + cover.data


def picture_field(cover: Picture) -> tuple[str, str]:
    """The same as a field, for Ogg."""
    return PICTURE_FIELD, base64.b64encode(picture_block(cover)).decode()


def parse_picture(block: bytes) -> tuple[Picture | None, bool]:
    """The picture of a block PICTURE, and whether it is a front cover."""
    kind, at = int.from_bytes(block[:4], "big"), 4
    for _ in range(2):  # MIME type and description: the bytes of the picture say better what it is
        at += 4 + int.from_bytes(block[at : at + 4], "big")
    size = int.from_bytes(block[at + 16 : at + 20], "big")
    return picture_of(block[at + 20 : at + 20 + size]), kind == _FRONT_COVER


def _text_fields(tags: Tags) -> Iterator[tuple[str, str]]:
    for name, texts in tags.values:
        field = VORBIS_FIELDS.get(name, name.upper())
        for text in texts:
            number, slash, total = text.partition("/")
            if name in VORBIS_TOTALS and slash:
                yield field, number.strip()
                yield VORBIS_TOTALS[name][0], total.strip()
            else:
                yield field, text


def _chapter_fields(chapters: Sequence[Chapter]) -> Iterator[tuple[str, str]]:
    for number, chapter in enumerate(chapters):
        ms = round(chapter.start_s * 1000)
        clock = f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"
        yield f"CHAPTER{number:03}", clock
        yield f"CHAPTER{number:03}NAME", chapter.title


def _take_picture(found: Gathered, field: str, value: str) -> None:
    if field == PICTURE_FIELD:
        cover, is_front = parse_picture(_from_base64(value))
        found.picture(cover, is_front=is_front)
    elif field == _OLD_PICTURE_FIELDS[0]:
        found.picture(picture_of(_from_base64(value)), is_front=True)


def _from_base64(value: str) -> bytes:
    try:
        return base64.b64decode(value, validate=False)
    except (binascii.Error, ValueError):
        return b""


def _take_chapter(chapters: dict[int, list[str]], chapter: re.Match[str], value: str) -> None:
    number, what = int(chapter[1]), (chapter[2] or "").upper()
    if what != "URL":
        chapters.setdefault(number, ["", ""])[what == "NAME"] = value.strip()


def _chapters(found: Gathered, numbered: dict[int, list[str]]) -> list[Chapter]:
    chapters = []
    for number, (clock, title) in sorted(numbered.items()):
        time = _CLOCK.fullmatch(clock)
        if time is None:
            found.leave(f"the chapter {title or number!r} (its time is {clock[:20]!r})")
            continue
        hours, minutes, seconds = time.groups()
        chapters.append(Chapter(3600 * int(hours) + 60 * int(minutes) + float(seconds), title))
    return sorted(chapters, key=lambda chapter: chapter.start_s)
