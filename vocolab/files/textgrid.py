"""Praat's TextGrids: read in the long and the short text format, written in the long one.

    seconds    of the recording
    tiers      "words", "phones": intervals one after the other, "" where nothing is said

Praat's manual, "TextGrid file formats". What is between the values (`xmin =`, `intervals [3]:`) means nothing to Praat
either: numbers, texts in quotes and flags in angle brackets are read, in order. Point tiers are left out.
"""

from __future__ import annotations

import codecs
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from vocolab.errors import CorpusError
from vocolab.files.atomic import whole_file
from vocolab.given_files import read_given

_TOKEN = re.compile(r'"((?:[^"]|"")*)"|(<[a-z]+>)|(?<![\w.\[-])(-?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)(?![\w\]])')
_MOST_BYTES = 50_000_000
_NEAR_S = 1e-4
"""By how much neighbours may overlap: programs round to different digits."""


class Interval(NamedTuple):
    """A stretch of time, and what is in it."""

    start_s: float
    end_s: float
    text: str


@dataclass(frozen=True)
class TextGrid:
    """Tiers of intervals by name."""

    seconds: float
    tiers: Mapping[str, tuple[Interval, ...]]


def read_textgrid(path: Path) -> TextGrid:
    """A TextGrid of a file, in UTF-8, or in UTF-16 with its mark.

    Raises:
        CorpusError: if it can't be read or is no TextGrid, ends too early, or has times that run backwards.
    """
    try:
        text = _decoded(read_given(path, _MOST_BYTES))
    except OSError as error:
        raise CorpusError(f"can't be read: {error.strerror or error}", about=path) from error
    except UnicodeDecodeError as error:
        raise CorpusError(f"can't be read as text: {error}", about=path) from error
    try:
        return _parse(_Values(text))
    except _Wrong as error:
        raise CorpusError(f"is no TextGrid that can be read: {error}", about=path) from error


def write_textgrid(path: Path, grid: TextGrid) -> None:
    """Write a TextGrid, whole or not at all. Times between intervals, at the start and at the end are filled.

    Raises:
        OutputError: if the file can't be written.
    """
    with whole_file(path) as temporary:
        temporary.write_text("\n".join(textgrid_lines(grid)) + "\n", encoding="utf-8")


def textgrid_lines(grid: TextGrid) -> Iterator[str]:
    """The long text format, without gaps between intervals; a line may have several."""
    yield 'File type = "ooTextFile"\nObject class = "TextGrid"\n'
    yield f"xmin = 0\nxmax = {grid.seconds:.6f}\ntiers? <exists>\nsize = {len(grid.tiers)}\nitem []:"
    for number, (name, given) in enumerate(grid.tiers.items(), 1):
        intervals = filled(given, grid.seconds)
        yield f'    item [{number}]:\n        class = "IntervalTier"\n        name = {_quoted(name)}'
        yield f"        xmin = 0\n        xmax = {grid.seconds:.6f}\n        intervals: size = {len(intervals)}"
        for place, (start_s, end_s, text) in enumerate(intervals, 1):
            yield f"        intervals [{place}]:\n            xmin = {start_s:.6f}"
            yield f"            xmax = {end_s:.6f}\n            text = {_quoted(text)}"


def filled(intervals: Iterable[Interval], seconds: float) -> tuple[Interval, ...]:
    """Intervals without gaps from 0 to `seconds`; what lasts no time is left out."""
    done: list[Interval] = []
    at = 0.0
    for start_s, end_s, text in [*intervals, Interval(seconds, seconds, "")]:
        if start_s - at > 1e-6:
            done.append(Interval(at, start_s, ""))
            at = start_s
        if end_s > at:
            done.append(Interval(at, end_s, text))
            at = end_s
    return tuple(done) or (Interval(0.0, seconds, ""),)


class _Wrong(Exception):
    """What is wrong with a text."""


class _Values:
    """The values of a file, one after the other."""

    def __init__(self, text: str) -> None:
        self._tokens = _TOKEN.finditer(text)

    def text(self) -> str:
        """The next value, a text in quotes."""
        found = self._next()
        if found[1] is None:
            raise _Wrong(f"a text in quotes should stand where {found[0]!r:.40} does")
        return found[1].replace('""', '"')

    def number(self) -> float:
        """The next value, a number."""
        found = self._next()
        if found[3] is None:
            raise _Wrong(f"a number should stand where {found[0]!r:.40} does")
        return float(found[3])

    def count(self) -> int:
        """The next value, how many of something there are."""
        value = self.number()
        if not 0 <= value < 1e7 or value != int(value):
            raise _Wrong(f"{value:g} is no count")
        return int(value)

    def flag(self) -> bool:
        """The next value, whether something is there."""
        return self._next()[2] == "<exists>"

    def _next(self) -> re.Match[str]:
        found = next(self._tokens, None)
        if found is None:
            raise _Wrong("it ends in the middle")
        return found


def _decoded(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16")
    return content.decode("utf-8-sig")


def _parse(values: _Values) -> TextGrid:
    if values.text() != "ooTextFile" or values.text() != "TextGrid":
        raise _Wrong('it does not begin with File type = "ooTextFile", Object class = "TextGrid"')
    start_s, end_s = values.number(), values.number()
    if not (math.isfinite(end_s) and end_s > start_s):
        raise _Wrong(f"it lasts from {start_s:g} to {end_s:g} s")
    tiers: dict[str, tuple[Interval, ...]] = {}
    for _ in range(values.count() if values.flag() else 0):
        kind, name = values.text(), values.text()
        values.number(), values.number()
        if kind == "TextTier":
            for _ in range(values.count()):
                values.number(), values.text()
            continue
        if kind != "IntervalTier":
            raise _Wrong(f"a tier of the class {kind!r:.40} is not known")
        intervals = tuple(_intervals(values, name, start_s))
        if name in tiers:
            raise _Wrong(f"two tiers are called {name!r:.40}")
        tiers[name] = intervals
    return TextGrid(end_s - start_s, tiers)


def _intervals(values: _Values, tier: str, origin_s: float) -> Iterator[Interval]:
    before = -math.inf
    for number in range(1, values.count() + 1):
        start_s, end_s, text = values.number() - origin_s, values.number() - origin_s, values.text()
        if not (math.isfinite(end_s) and start_s <= end_s and start_s >= before - _NEAR_S):
            raise _Wrong(f"interval {number} of {tier!r:.40} lasts from {start_s:g} to {end_s:g} s, and the one before "
                         f"ends at {before:g}")
        before = end_s
        yield Interval(start_s, end_s, text)


def _quoted(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'
