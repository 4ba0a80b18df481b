"""Tags as ffmpeg writes them down (its format ffmetadata), and the cover of an MPEG-4 file, which is not among them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import BinaryIO

from vocolab.files.tags.found import Gathered
from vocolab.files.tags.pictures import MOST_BYTES, picture_of
from vocolab.tags import MOST_CHAPTERS, Chapter

_MOST_TEXT_BYTES = 8_000_000
_MOST_ATOMS = 10_000
_PATH = (b"moov", b"udta", b"meta", b"ilst", b"covr", b"data")
_VERSION_BYTES = {b"meta": 4}
"""Atoms whose content begins with a version."""


def tags_of_ffmetadata(stream: BinaryIO) -> Gathered:
    """What a file says in ffmpeg's words."""
    found = Gathered()
    for kind, texts in _sections(stream.read(_MOST_TEXT_BYTES).decode("utf-8", "replace")):
        if kind == "[CHAPTER]":
            chapter = _chapter(texts)
            if chapter is not None and len(found.chapters) <= MOST_CHAPTERS:
                found.chapters.append(chapter)
        elif not kind:  # what is said of a track is none of the file
            for name, text in texts.items():
                found.add(name, [text])
    return found


def _sections(text: str) -> list[tuple[str, dict[str, str]]]:
    """The head of each, empty for the file's own, and its names and texts."""
    section: dict[str, str] = {}
    sections = [("", section)]
    for line in _lines(text):
        if line in ("[CHAPTER]", "[STREAM]"):
            section = {}
            sections.append((line, section))
            continue
        name, equals, value = _split(line)
        if equals:
            section.setdefault(name, value)
    return sections


def mpeg4_cover(stream: BinaryIO, found: Gathered) -> None:
    """Take the cover of an MPEG-4 file, if it has one."""
    end = stream.seek(0, 2)
    for start, size in _atoms(stream, 0, end, _PATH):
        stream.seek(start + 8)  # kind and language
        found.picture(picture_of(stream.read(min(size - 8, MOST_BYTES + 1))) if size > 8 else None, is_front=False)


def _atoms(stream: BinaryIO, at: int, end: int, path: tuple[bytes, ...]) -> Iterator[tuple[int, int]]:
    """Where the contents of all atoms of that path begin, and how large they are."""
    count = 0
    while at + 8 <= end and count < _MOST_ATOMS:
        stream.seek(at)
        header = stream.read(16)
        size, name, head = int.from_bytes(header[:4], "big"), header[4:8], 8
        if size == 1:
            size, head = int.from_bytes(header[8:16], "big"), 16
        elif size == 0:
            size = end - at
        if size < head or at + size > end:
            return
        if name == path[0]:
            inside = at + head + _VERSION_BYTES.get(name, 0)
            if len(path) == 1:
                yield inside, at + size - inside
            else:
                yield from _atoms(stream, inside, at + size, path[1:])
        at, count = at + size, count + 1


def _lines(text: str) -> Iterator[str]:
    """Lines that are no comments; one that ends with a backslash goes on in the next."""
    whole = ""
    for line in text.split("\n"):
        is_comment = not whole and line.startswith((";", "#"))
        if is_comment:
            continue
        escapes = len(line) - len(line.rstrip("\\"))
        if escapes % 2:
            whole += line[:-1] + "\n"
            continue
        yield whole + line
        whole = ""


def _split(line: str) -> tuple[str, bool, str]:
    """Name and text of a line, at the first = that is not escaped."""
    parts = re.match(r"((?:[^\\=]|\\.)*)=(.*)", line, re.DOTALL)
    return (_plain(parts[1]), True, _plain(parts[2])) if parts else ("", False, "")


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)


def _chapter(texts: dict[str, str]) -> Chapter | None:
    try:
        base = Fraction(texts.get("TIMEBASE", "1/1000000000"))
        start_s, end_s = (float(int(texts[name][:20]) * base) for name in ("START", "END"))
    except (ValueError, KeyError, ZeroDivisionError, OverflowError):
        return None
    return Chapter(max(start_s, 0.0), texts.get("title", ""), end_s if end_s > start_s else None)
