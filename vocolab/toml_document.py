"""A TOML file that remembers on which line each of its keys stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vocolab import toml
from vocolab.errors import DocumentError
from vocolab.given_files import MOST_SETTINGS_BYTES, read_given

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

KeyPath = tuple[str | int, ...]
"""Keys and positions from the outermost table inwards: `("effects", 1, "cutoff_hz")`."""

_PART = r"""(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')"""
_DOTTED = rf"{_PART}(?:\s*\.\s*{_PART})*"
_ARRAY_HEADER = re.compile(rf"\s*\[\[\s*({_DOTTED})\s*\]\]")
_TABLE_HEADER = re.compile(rf"\s*\[\s*({_DOTTED})\s*\]")
_KEY = re.compile(rf"\s*({_DOTTED})\s*=")
_POSITION = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")


@dataclass(frozen=True)
class TomlDocument:
    """The values of a TOML file, and where they stand."""

    name: str
    """What messages call the file."""
    values: dict[str, Any]
    lines: dict[KeyPath, int]

    def line(self, path: KeyPath) -> int:
        """The line of a key, or of the nearest table around it; 1 if that is the whole file."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def problem(self, path: KeyPath, text: str) -> str:
        """`file:line: text`."""
        return f"{self.name}:{self.line(path)}: {text}"


def read_document(file: Traversable) -> TomlDocument:
    """Read a TOML file.

    Raises:
        DocumentError: if it can't be read, is not UTF-8, or is no TOML; with line and column.
    """
    name = str(file)
    try:
        data = read_given(file, MOST_SETTINGS_BYTES)
    except FileNotFoundError as error:
        raise DocumentError([f"{name}: there is no such file"]) from error
    except OSError as error:
        raise DocumentError([f"{name}: it can't be read: {error.strerror or error}"]) from error
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DocumentError([f"{name}:{line}: not UTF-8 text"]) from error
    return parse_document(text, name)


def parse_document(text: str, name: str) -> TomlDocument:
    """The same from a text; `name` is what messages call it."""
    text = text.replace("\r\n", "\n")
    try:
        return TomlDocument(name, toml.loads(text), dict(_positions(text)))
    except toml.TOMLDecodeError as error:
        raise DocumentError([_syntax_problem(name, text, str(error))]) from error
    except RecursionError as error:
        raise DocumentError([f"{name}: TOML syntax: nested too deeply"]) from error


def parse_value(text: str) -> Any:
    """A single TOML value; a text that is none, such as a bare word, is a string."""
    try:
        parsed = toml.loads(f"value = {text}")
    except (toml.TOMLDecodeError, RecursionError):
        return text
    return parsed["value"] if len(parsed) == 1 else text


def _syntax_problem(name: str, text: str, message: str) -> str:
    position = _POSITION.search(message)
    said = _POSITION.sub("", message)
    if position and position.group(1):
        return f"{name}:{position.group(1)}: TOML syntax: {said} (column {position.group(2)})"
    return f"{name}:{len(text.splitlines()) or 1}: TOML syntax: {said} (at the end of the file)"


def _positions(text: str) -> Iterator[tuple[KeyPath, int]]:
    """Every header and key of a valid TOML text with its line, but for the keys inside inline tables."""
    table: KeyPath = ()
    counts: dict[KeyPath, int] = {}
    inside = _Inside()
    for number, line in enumerate(text.split("\n"), 1):
        begins_here = not inside
        inside.feed(line)
        if not begins_here:
            continue
        if header := _ARRAY_HEADER.match(line):
            *outer, last = _parts(header.group(1))
            path = (*_absolute(outer, counts), last)
            counts[path] = counts.get(path, 0) + 1
            table = (*path, counts[path] - 1)
            yield table, number
        elif header := _TABLE_HEADER.match(line):
            table = _absolute(_parts(header.group(1)), counts)
            yield table, number
        elif key := _KEY.match(line):
            yield table + tuple(_parts(key.group(1))), number


def _parts(dotted: str) -> list[str]:
    return [part.strip("\"'") for part in re.findall(_PART, dotted)]


def _absolute(parts: list[str], counts: dict[KeyPath, int]) -> KeyPath:
    """A header's path with the position of the last table of each array of tables on the way."""
    path: KeyPath = ()
    for part in parts:
        path = (*path, part)
        if path in counts:
            path = (*path, counts[path] - 1)
    return path


class _Inside:
    """Whether the next line begins inside a string, an array or an inline table that an earlier one opened."""

    _TOKEN = re.compile(r"\"\"\"|'''|\\.|[\"'#\[\]{}]")

    def __init__(self) -> None:
        self.quote = ""
        self.depth = 0

    def __bool__(self) -> bool:
        return bool(self.quote) or self.depth > 0

    def feed(self, line: str) -> None:
        position = 0
        while token := self._TOKEN.search(line, position):
            position = token.end()
            mark = token.group()
            if self.quote:
                position = self._in_string(mark, token.start(), position)
            elif mark == "#":
                break
            elif mark in ('"""', "'''", '"', "'"):
                self.quote = mark
            elif mark in "[{":
                self.depth += 1
            elif mark in "]}":
                self.depth -= 1
        if len(self.quote) == 1:  # a string of one line ends with it at the latest
            self.quote = ""

    def _in_string(self, mark: str, start: int, end: int) -> int:
        """Look at one mark inside a string; gives where to look on."""
        if mark.startswith("\\"):  # an escape in "basic" strings; in 'literal' ones the backslash is itself
            return end if self.quote.startswith('"') else start + 1
        if mark == self.quote:
            self.quote = ""
        elif mark.startswith(self.quote):  # an empty string followed by a quote: '' then '
            self.quote = ""
            return start + 1
        return end
