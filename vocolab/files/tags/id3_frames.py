"""Frames of ID3v2.4 and what they say: texts in UTF-8, covers, chapters (ID3v2 Chapter Frame Addendum)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from vocolab.files.tags.found import Gathered
from vocolab.files.tags.genres import genre_name
from vocolab.files.tags.id3 import Frame, parse_id3, subframes, written_subframes
from vocolab.files.tags.names import ID3_FRAMES, ID3_OLD_FRAMES
from vocolab.files.tags.pictures import picture_of
from vocolab.tags import Chapter, Picture, Tags, known_name

_LATIN, _UTF_8 = 0, 3
_ENCODINGS = {0: "latin-1", 1: "utf-16", 2: "utf-16-be", 3: "utf-8"}
_WIDE = (1, 2)
_NAMES = {frame: name for name, frame in ID3_FRAMES.items()} | ID3_OLD_FRAMES
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d(:\d\d(:\d\d)?)?)?)?)?")
_NO_LANGUAGE = b"XXX"
_FRONT_COVER = 3
_MOST_OF_CONTENTS = 255
"""Entries of a table of contents: their number is one byte."""
_WHOLE_DAYS_MS = 0xFFFF_FFFE
_PLAIN = ("TPE", "TIT", "TSO")


def tags_of_id3(data: bytes) -> Gathered:
    """The same of a whole tag."""
    tag = parse_id3(data)
    found = tags_of_frames(tag.frames)
    for left_out in tag.left_out:
        found.leave(left_out)
    return found


def tags_of_frames(frames: Sequence[Frame]) -> Gathered:
    """What the frames of a tag say, and what of it nothing here knows."""
    found = Gathered()
    chapters: list[tuple[bytes, Chapter]] = []
    day = ""
    for frame in frames:
        name, body = frame
        if name == "TDAT":
            day = "".join(_texts(body))
        elif name == "CHAP":
            chapters += _chapter(body)
        elif name == "APIC":
            _take_picture(found, body)
        elif (named := name_of_frame(frame)) is not None:
            found.add(named, _values_of(frame))
        elif name not in ("CTOC", "TIME"):
            found.leave(f"the ID3 frame {name}")
    if len(day) == 4 and len(year := found.text("date")) == 4:
        found.replace("date", f"{year}-{day[2:]}-{day[:2]}")
    found.chapters = sorted((chapter for _, chapter in chapters), key=lambda chapter: chapter.start_s)
    return found


def name_of_frame(frame: Frame) -> str | None:
    """The tag that a frame holds the text of; None for one that holds none."""
    name, body = frame
    if name == "TXXX":
        return known_name(_described(body)[0]) or "TXXX"
    if name in ("COMM", "USLT"):
        described = _described(body[:1] + body[4:])[0]
        usual = "comment" if name == "COMM" else "lyrics"
        return usual if not described or name == "USLT" else f"{usual}:{described}"
    if name == "WXXX" and not _described(body)[0]:
        return "website"
    if name in _NAMES:
        return _NAMES[name]
    return name if name.startswith("T") and name != "TXXX" and len(name) == 4 and name not in ("TDAT", "TIME") else None


def edited(frames: Iterable[Frame], tags: Tags, removed: Collection[str] = ()) -> list[Frame]:
    """The frames of a tag with what `tags` state in the place of what they said of it, and without `removed` names."""
    stated = {name.casefold() for name, _ in tags.values} | set(removed)
    kept = []
    for frame in frames:
        named = name_of_frame(frame)
        is_told = named is not None and named.casefold() in stated
        is_cover = frame.name == "APIC" and tags.cover is not None
        is_chapter = frame.name in ("CHAP", "CTOC") and bool(tags.chapters)
        if not (is_told or is_cover or is_chapter):
            kept.append(frame)
    return [*_text_frames(tags), *kept, *_chapter_frames(tags.chapters), *_cover_frames(tags.cover)]


def _text_frames(tags: Tags) -> Iterator[Frame]:
    for name, texts in tags.values:
        whole = "\0".join(texts).encode()
        if name == "comment":
            yield Frame("COMM", bytes([_UTF_8]) + _NO_LANGUAGE + b"\0" + "; ".join(texts).encode())
        elif name == "lyrics":
            yield Frame("USLT", bytes([_UTF_8]) + _NO_LANGUAGE + b"\0" + "\n\n".join(texts).encode())
        elif name == "website":
            yield Frame("WXXX", bytes([_UTF_8]) + b"\0" + texts[0].encode("latin-1", "replace"))
        elif _fits_frame(name, texts):
            yield Frame(ID3_FRAMES[name], bytes([_UTF_8]) + whole)
        else:
            yield Frame("TXXX", bytes([_UTF_8]) + _spelled(name) + b"\0" + whole)


def _fits_frame(name: str, texts: Sequence[str]) -> bool:
    """Dates have a form in ID3; what is of another goes where any text may stand."""
    is_date = name in ("date", "original_date")
    return name in ID3_FRAMES and (not is_date or all(_DATE.fullmatch(text) for text in texts))


def _spelled(name: str) -> bytes:
    return (name.upper() if known_name(name) in _NAMES.values() or name.islower() else name).encode()


def _cover_frames(cover: Picture | None) -> Iterator[Frame]:
    if cover is not None:
        yield Frame("APIC", bytes([_LATIN]) + cover.mime.encode() + bytes([0, _FRONT_COVER, 0]) + cover.data)


def _chapter_frames(chapters: Sequence[Chapter]) -> Iterator[Frame]:
    """A table of contents, or tables of 255 in one where there are more, then each chapter."""
    if not chapters:
        return
    names = [f"ch{number}".encode() for number in range(len(chapters))]
    if len(names) <= _MOST_OF_CONTENTS:
        yield _contents(b"toc", names, is_top=True)
    else:
        groups = [names[start : start + _MOST_OF_CONTENTS] for start in range(0, len(names), _MOST_OF_CONTENTS)]
        tables = [f"toc{number}".encode() for number in range(len(groups))]
        yield _contents(b"toc", tables, is_top=True)
        yield from (_contents(table, group, is_top=False) for table, group in zip(tables, groups, strict=True))
    for number, (name, chapter) in enumerate(zip(names, chapters, strict=True)):
        following = chapters[number + 1].start_s if number + 1 < len(chapters) else None
        end_s = chapter.end_s if chapter.end_s is not None else following
        start, end = _ms(chapter.start_s), _ms(end_s if end_s is not None else chapter.start_s)
        title = [Frame("TIT2", bytes([_UTF_8]) + chapter.title.encode())] if chapter.title else []
        times = start.to_bytes(4, "big") + max(start, end).to_bytes(4, "big") + b"\xff" * 8
        yield Frame("CHAP", name + b"\0" + times + written_subframes(title))


def _contents(name: bytes, entries: Sequence[bytes], *, is_top: bool) -> Frame:
    flags = 1 | 2 * is_top  # ordered, top-level
    return Frame("CTOC", name + bytes([0, flags, len(entries)]) + b"".join(entry + b"\0" for entry in entries))


def _ms(seconds: float) -> int:
    return min(max(round(seconds * 1000), 0), _WHOLE_DAYS_MS)


def _chapter(body: bytes) -> list[tuple[bytes, Chapter]]:
    name, nul, rest = body.partition(b"\0")
    if not nul or len(rest) < 16:
        return []
    start_ms, end_ms = (int.from_bytes(rest[at : at + 4], "big") for at in (0, 4))
    titles = [text for frame in subframes(rest[16:]) if frame.name == "TIT2" for text in _texts(frame.body)]
    end_s = end_ms / 1000 if end_ms > start_ms else None
    return [(name, Chapter(start_ms / 1000, titles[0] if titles else "", end_s))]


def _take_picture(found: Gathered, body: bytes) -> None:
    encoding = body[0] if body else 0
    _, _, rest = body[1:].partition(b"\0")
    _, data = _cut_text(rest[1:], encoding)
    found.picture(picture_of(data), is_front=bool(rest) and rest[0] == _FRONT_COVER)


def _values_of(frame: Frame) -> list[str]:
    name, body = frame
    if name == "TXXX":
        return _described(body)[1]
    if name in ("COMM", "USLT"):
        return ["\n".join(_described(body[:1] + body[4:])[1])]
    if name == "WXXX":
        encoding = body[0] if body else 0
        return [_cut_text(body[1:], encoding)[1].split(b"\0")[0].decode("latin-1")]
    texts = _texts(body)
    return [genre_name(text) for text in texts] if name == "TCON" else texts


def _described(body: bytes) -> tuple[str, list[str]]:
    """The description of a text, and its values."""
    encoding = body[0] if body else 0
    described, rest = _cut_text(body[1:], encoding)
    return described.strip(), _decoded(rest, encoding)


def _texts(body: bytes) -> list[str]:
    return _decoded(body[1:], body[0]) if body else []


def _decoded(data: bytes, encoding: int) -> list[str]:
    if encoding in _WIDE:
        data = data[: len(data) - len(data) % 2]
    codec = _ENCODINGS.get(encoding, "latin-1")
    texts = data.decode(codec, "replace").split("\0")
    return [text.removeprefix("\ufeff") for text in texts if text]


def _cut_text(data: bytes, encoding: int) -> tuple[str, bytes]:
    """A text that ends with a NUL, and what stands behind it."""
    if encoding not in _WIDE:
        text, _, rest = data.partition(b"\0")
        return text.decode(_ENCODINGS.get(encoding, "latin-1"), "replace"), rest
    at = next((at for at in range(0, len(data) - 1, 2) if data[at : at + 2] == b"\0\0"), len(data))
    return data[:at].decode(_ENCODINGS[encoding], "replace").removeprefix("\ufeff"), data[at + 2 :]
