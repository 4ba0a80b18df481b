"""Formatting inside a paragraph of Markdown: emphasis, links, code, entities, tags. What is spoken stays.

Delimiters are matched by counting, as CommonMark does, each of them once: linear in the length of the paragraph.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from vocolab.texts.building import DocumentBuilder
from vocolab.texts.phonemes import BRACES, LINKED, PhonemeParser, put_phonemes

_ADDRESS = r"<?[^()\s<>]{0,2000}(?:\([^()\s]{0,200}\)[^()\s]{0,200}){0,3}>?"
_TITLE = r"""(?:\s{1,20}(?:"[^"\n]{0,300}"|'[^'\n]{0,300}'))?"""
_LABEL = r"[^\[\]\n]{0,1000}"
_TOKEN = re.compile(
    rf"""(?P<escape>\\[!-/:-@\[-`{{-~])
    |(?P<code>`+)
    |(?P<phonemes>{BRACES}|{LINKED})
    |(?P<footnote>\[\^[^\[\]\s]{{1,60}}\])
    |(?P<pictured>\[!\[(?P<alt>{_LABEL})\]\({_ADDRESS}{_TITLE}\)\]\({_ADDRESS}{_TITLE}\))
    |(?P<link>!?\[(?P<label>{_LABEL})\](?:\({_ADDRESS}{_TITLE}\)|\[{_LABEL}\]))
    |(?P<auto><(?P<address>https?://[^<>\s]{{1,2000}}|[^<>\s@]{{1,100}}@[^<>\s]{{1,200}})>)
    |(?P<tag></?[A-Za-z][^<>\n]{{0,500}}>|<!--[^<\n]{{0,2000}}?-->)
    |(?P<entity>&(?:[A-Za-z][A-Za-z0-9]{{1,31}}|\#\d{{1,7}}|\#[xX][0-9a-fA-F]{{1,6}});)
    |(?P<delimiter>\*+|_+|~~)""",
    re.VERBOSE,
)
_FIRST = re.compile(r"[\\`{\[!<&*_~]")
"""What a token begins with: searched first, since that is fast."""
_BREAKING_TAG = re.compile(r"</?(?:br|p|div|li|tr|td|th|hr|h[1-6])\b", re.IGNORECASE)


@dataclass
class _Run:
    """A run of `*`, `_` or `~~` that may open or close emphasis."""

    start: int
    end: int
    sign: str
    opens: bool
    closes: bool
    left: int
    """How many of its signs are not matched yet: those are text."""


@dataclass(frozen=True)
class _Line:
    """A line of a paragraph and what was found in it."""

    start: int
    end: int
    found: list[re.Match[str] | _Run]


class InlineReader:
    """Puts paragraphs into a document."""

    def __init__(self, build: DocumentBuilder, parse_phonemes: PhonemeParser | None) -> None:
        self._build, self._parse_phonemes = build, parse_phonemes
        self._says: dict[str, Callable[[re.Match[str]], None]] = {
            "escape": self._escape, "phonemes": self._phonemes, "footnote": lambda match: None, "pictured": self._link,
            "link": self._link, "auto": self._address, "entity": self._entity, "tag": self._tag,
        }  # fmt: skip

    def paragraph(self, ranges: Sequence[tuple[int, int]]) -> None:
        """Append lines, given by their places in the source, that are one paragraph."""
        lines = [self._line(start, end) for start, end in ranges]
        _match([token for line in lines for token in line.found if isinstance(token, _Run)])
        for line in lines:
            self._build.space(line.start)
            self._put(line)

    def _line(self, start: int, end: int) -> _Line:
        source = self._build.source
        found: list[re.Match[str] | _Run] = []
        at, no_closer = start, set[int]()
        while first := _FIRST.search(source, at, end):
            match = _TOKEN.match(source, first.start(), end)
            if match is None:
                at = first.end()
                continue
            at = match.end()
            if match.lastgroup == "delimiter":
                found.append(_run(source, match, start, end))
            elif match.lastgroup == "code":
                size = match.end() - match.start()
                close = -1 if size in no_closer else _closing(source, match[0], match.end(), end)
                if close >= 0:
                    found.append(match)
                    at = close + size
                else:
                    no_closer.add(size)
            else:
                found.append(match)
        return _Line(start, end, found)

    def _put(self, line: _Line) -> None:
        build, at = self._build, line.start
        for token in line.found:
            start = token.start if isinstance(token, _Run) else token.start()
            build.copy(at, start)
            at = self._put_run(token) if isinstance(token, _Run) else self._put_token(token, line.end)
        build.copy(at, line.end)

    def _put_run(self, run: _Run) -> int:
        self._build.copy(run.end - run.left, run.end)
        return run.end

    def _put_token(self, match: re.Match[str], line_end: int) -> int:
        """Append what a token says; gives where the text goes on."""
        if match.lastgroup == "code":
            close = _closing(self._build.source, match[0], match.end(), line_end)
            self._build.copy(match.end(), close)
            return close + len(match[0])
        self._says[match.lastgroup or ""](match)
        return match.end()

    def _escape(self, match: re.Match[str]) -> None:
        self._build.copy(match.start() + 1, match.end())

    def _phonemes(self, match: re.Match[str]) -> None:
        start, end = match.span()
        if put_phonemes(self._build, start, end, self._parse_phonemes):
            return
        if match[0].startswith("["):
            self._part(start + 1, self._build.source.index("]", start))
        else:
            self._build.copy(start, end)

    def _link(self, match: re.Match[str]) -> None:
        group = "label" if match["link"] else "alt"
        self._part(match.start(group), match.end(group))

    def _address(self, match: re.Match[str]) -> None:
        self._build.copy(match.start("address"), match.end("address"))

    def _entity(self, match: re.Match[str]) -> None:
        self._build.put(html.unescape(match[0]), match.start(), match.end())

    def _tag(self, match: re.Match[str]) -> None:
        if not match[0].startswith("<!--"):
            self._build.report("HTML tags are skipped, their text is said")
        if _BREAKING_TAG.match(match[0]):
            self._build.space(match.start())

    def _part(self, start: int, end: int) -> None:
        """Append a stretch inside a line: the text of a link."""
        line = self._line(start, end)
        _match([token for token in line.found if isinstance(token, _Run)])
        self._put(line)


def _closing(source: str, ticks: str, start: int, end: int) -> int:
    """Where a run of exactly as many backticks begins, -1 if there is none on the line."""
    at = source.find(ticks, start, end)
    while at >= 0:
        stop = at + len(ticks)
        while stop < end and source[stop] == "`":
            stop += 1
        if stop - at == len(ticks):
            return at
        at = source.find(ticks, stop, end)
    return -1


def _run(source: str, match: re.Match[str], line_start: int, line_end: int) -> _Run:
    start, end = match.span()
    before = source[start - 1] if start > line_start else " "
    after = source[end] if end < line_end else " "
    sign = match[0][0]
    product = before.isdigit() and after.isdigit()  # 2*3
    opens, closes = not after.isspace() and not product, not before.isspace() and not product
    if sign == "_":  # snake_case is a word
        opens, closes = opens and not before.isalnum(), closes and not after.isalnum()
    return _Run(start, end, sign, opens, closes, end - start)


def _match(runs: Sequence[_Run]) -> None:
    """Take away the signs that are formatting: an opening run and the next closing one of its sign."""
    opened: dict[str, list[_Run]] = {"*": [], "_": [], "~": []}
    for run in runs:
        stack = opened[run.sign]
        while run.closes and run.left and stack:
            both = min(run.left, stack[-1].left)
            run.left -= both
            stack[-1].left -= both
            if not stack[-1].left:
                stack.pop()
        if run.opens and run.left:
            stack.append(run)
