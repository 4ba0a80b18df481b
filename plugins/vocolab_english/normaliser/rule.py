"""What a class of tokens is made of: rules, what they see of the text, and what they say.

A rule has a pattern that is tried where its first sign stands, and a function that reads the match or declines with
None. Every pattern is bounded: a repetition that can fail after it has run ends after a fixed number of signs, so
that the whole text is read in linear time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from vocolab_english.options import EnglishOptions

DIGIT, WORD, JOINED, PICTURE = "0", "a", "b", "☺"
"""Stand in `Rule.starts` for any digit; a letter of a word by itself; a letter of a word that a digit, a point or
another sign is joined to; and any sign beyond ASCII that is none of these."""
LETTER = WORD + JOINED


class Said(NamedTuple):
    """What is said for a span of the tidied text; nothing, if `words` is empty."""

    words: str
    start: int
    end: int
    kind: str
    letter: bool = False
    """Whether the words' letters are named one by one."""
    assumed: str = ""


@dataclass
class Context:
    """What a rule sees beside its match."""

    text: str
    options: EnglishOptions
    shouted: bool = False
    """Whether capitals say nothing here, since all of the text is in them."""
    lowered: bool = False
    """Whether there are none at all, so that names have none either."""

    @property
    def zero(self) -> str:
        """How the digit 0 is said in codes."""
        return self.options.digits

    @property
    def joint(self) -> str:
        """What stands after the hundreds."""
        return " and " if self.options.hundreds == "and" else " "

    def before(self, at: int) -> str:
        """The chunk before `at` in lower case, without opening brackets and quotes; empty at the start."""
        chunk = self.text[max(0, at - 24) : at].rstrip(" ")
        return chunk[chunk.rfind(" ") + 1 :].lstrip("([\"'").lower()

    def previous(self, at: int) -> str:
        """The chunk before `at` as it is written, without signs around it."""
        chunk = self.text[max(0, at - 24) : at].rstrip(" ")
        return chunk[chunk.rfind(" ") + 1 :].strip("([\"',.;:")

    def after(self, at: int, length: int = 24) -> str:
        """What stands after `at`."""
        return self.text[at : at + length]

    def starts_sentence(self, at: int) -> bool:
        """Whether nothing but quotes and brackets stands before `at`."""
        return not self.text[max(0, at - 24) : at].strip(" ([\"'")


Reader = Callable[["re.Match[str]", Context], "Sequence[Said] | None"]


@dataclass(frozen=True)
class Rule:
    """Reads what `pattern` matches at a place that begins with one of `starts`."""

    source: str
    read: Reader
    starts: str
    """Signs that a match may begin with; `DIGIT`, `WORD`, `JOINED` and `PICTURE` stand for many."""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Compiled when it is first tried, so that loading is quick."""
        return re.compile(self.source, re.VERBOSE)


def rule(pattern: str, read: Reader, starts: str = DIGIT) -> Rule:
    """A rule, its pattern written verbosely."""
    return Rule(pattern, read, starts)


def whole(match: re.Match[str], words: str, kind: str, *, letter: bool = False, assumed: str = "") -> list[Said]:
    """All words for all of the match."""
    return [Said(words, match.start(), match.end(), kind, letter, assumed)]


def grouped(match: re.Match[str], kind: str, *parts: tuple[str, str], assumed: str = "") -> list[Said]:
    """Words for groups of the match, in the order in which they stand: `("day", "fifth"), ("month", "May")`.

    Signs between two groups, such as the colon of a time, belong to the group before; commas and spaces to none.
    """
    said = [(words, *match.span(group)) for group, words in parts if words and match.group(group)]
    if not said:
        return []
    edges = [start for _, start, _ in said[1:]] + [match.end()]
    found = [Said(words, start, _reach(match.string, end, edge), kind) for (words, start, end), edge in
             zip(said, edges, strict=True)]  # fmt: skip
    if " " not in match.string[match.start() : found[0].start]:
        found[0] = found[0]._replace(start=match.start())
    found[0] = found[0]._replace(assumed=assumed)
    return found


def _reach(text: str, end: int, edge: int) -> int:
    while end < edge and text[end] not in " ,":
        end += 1
    return end


def absent(name: str) -> str:
    """A group that is never there, for a pattern whose reader asks for it because of its other patterns."""
    return rf"(?P<{name}>(?!))?"


INTEGER = r"(?:\d{1,3}(?:,\d{3}){1,14}(?![\d]|,\d{3})|\d{1,40}(?!\d))"
"""An integer, with or without commas."""
NUMBER = rf"(?:{INTEGER}(?:\.\d{{1,40}}(?!\d))?|\.\d{{1,40}}(?!\d))"
"""A number with perhaps a point."""
SIGN = r"(?:(?<![\w.)])[-−–](?=[\d.$£€¥])|\+(?=[\d.]))"
END = r"(?![\w])"
"""No letter or digit follows."""
DASH = r"\s?[-–—−]\s?"
"""Between the ends of a range."""
