"""One sentence as it is said: hints cut it into segments, rules read them, offsets lead back to what was given."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from vocolab.errors import OptionError
from vocolab.options import make_options
from vocolab.texts.document import Hint, Pronounced, Reading, Role, SayAs, Span
from vocolab.texts.language import Spoken
from vocolab_english.normaliser import (
    abbreviations,
    acronyms,
    addresses,
    calendar,
    dates,
    electronic,
    integers,
    maths,
    measures,
    money,
    romans,
    serials,
    symbols_said,
    telephones,
    times,
    years,
)
from vocolab_english.normaliser.rule import Context, Said
from vocolab_english.normaliser.say_as import read_as
from vocolab_english.normaliser.scan import Result, Scanner
from vocolab_english.normaliser.tidy import Tidied, tidy
from vocolab_english.options import EnglishOptions

_CLASSES = (
    electronic, dates, telephones, times, money, addresses, measures, years, maths, serials, integers, abbreviations,
    romans, acronyms, symbols_said,
)  # fmt: skip
"""In the order in which they are tried."""
_TRIGGERS = frozenset(
    {
        *calendar.MONTH_NAMES,
        *romans.LOWER_NUMERALS,
        *"bcdefghjklmnpqrstuvwxyz",
        *times.BOOK_NAMES,
        *dates.WEEKDAYS,
        "fiscal",
    }
) - {"i", "a"}


def _is_trigger(word: str, previous: str) -> bool:
    """Whether a word of letters alone may be more than it seems: a month, an abbreviation, a numeral after a name."""
    if word == "I":
        return romans.may_precede(previous)
    lower = word.lower()
    return lower in _TRIGGERS or abbreviations.is_abbreviation(lower)


_RULES = [rule for of_class in _CLASSES for rule in of_class.RULES]
_FIRST = [*symbols_said.EMOTICON_RULES, *integers.FIRST_RULES]
_SCANNER = Scanner([*_FIRST, *_RULES], _is_trigger)


def normalise(text: str, hints: Sequence[Hint] = (), options: EnglishOptions | None = None) -> list[Spoken]:
    """The words of a sentence as they are said, in order, each with its span of `text`.

    Never raises for what a text may hold: what can't be said gives no word. Linear in the length of `text`.
    """
    tidied = tidy(text)
    context = Context(tidied.text, options or EnglishOptions(), _is_shouted(tidied.text), tidied.text.islower())
    result, given = Result(), {}
    for segment in _segments(tidied, hints):
        if isinstance(segment.hint, Pronounced):
            written = tidied.text[segment.start : segment.end]
            if written.strip():
                given[len(result.said)] = segment.hint
                result.add([Said(" ".join(written.split()), segment.start, segment.end, "plain")])
            continue
        _read(segment, context, result)
    return list(_spoken(result, tidied, given, hints))


@dataclass(frozen=True)
class _Segment:
    """A stretch of the tidied text that is read in one way."""

    start: int
    end: int
    hint: SayAs | Pronounced | None = None
    reading: Reading | None = None


def _read(segment: _Segment, context: Context, result: Result) -> None:
    if segment.reading:
        context = _with_options(context, segment.reading)
    if isinstance(segment.hint, SayAs):
        written = context.text[segment.start : segment.end]
        read = read_as(segment.hint, written, segment.start, context)
        if read is not None:
            result.add(read)
            return
    _SCANNER.scan(context, segment.start, segment.end, result)


def _with_options(context: Context, reading: Reading) -> Context:
    """The context with a span's own options; those that don't exist are left out."""
    try:
        options = make_options(EnglishOptions, {**context.options.model_dump(), **dict(reading.options)}, "English")
    except OptionError:
        return context
    return replace(context, options=options)


def _segments(tidied: Tidied, hints: Sequence[Hint]) -> Iterator[_Segment]:
    """The text cut where hints begin and end; of several on one place the last counts, a pronunciation before all."""
    placed = [(hint, *_place(tidied, hint.span)) for hint in hints if isinstance(hint, SayAs | Pronounced | Reading)]
    length = len(tidied.text)
    if not placed:
        yield _Segment(0, length)
        return
    edges = sorted({0, length, *(edge for _, start, end in placed for edge in (start, end))})
    at = 0
    for start, end in pairwise(edges):
        if start < at or start == end:
            continue
        over = [(hint, first, last) for hint, first, last in placed if first <= start < last]
        said = [part for part in over if isinstance(part[0], Pronounced)] or [
            part for part in over if isinstance(part[0], SayAs)
        ]
        readings = [part[0] for part in over if isinstance(part[0], Reading)]
        hint, last = (said[-1][0], said[-1][2]) if said else (None, end)
        at = last
        yield _Segment(start, last, hint, readings[-1] if readings else None)  # type: ignore[arg-type]


def _place(tidied: Tidied, span: Span) -> tuple[int, int]:
    """A span of the given text in the tidied text."""
    if tidied.starts is None:
        return min(span.start, len(tidied.text)), min(span.end, len(tidied.text))
    return bisect_left(tidied.starts, span.start), bisect_left(tidied.starts, span.end)


_WITH_LETTERS = ("money", "abbreviation")
"""Kinds whose words in capitals are letters: US dollars, PHD."""


def _spoken(result: Result, tidied: Tidied, given: dict[int, Pronounced], hints: Sequence[Hint]) -> Iterator[Spoken]:
    roles = [hint for hint in hints if isinstance(hint, Role)]
    for number, said in enumerate(result.said):
        start, end = tidied.span(said.start, said.end)
        signs = result.signs.get(number, "")
        if number in given:
            hint = given[number]
            yield Spoken(said.words.lower(), start, end, said.kind, False, signs, hint.phonemes, hint.how)
            continue
        role = _role(roles, start, end) if roles else ""
        yield from _words(said, start, end, signs, role)


def _role(roles: Sequence[Role], start: int, end: int) -> str:
    return next((hint.role for hint in roles if hint.span.start < end and start < hint.span.end), "")


def _words(said: Said, start: int, end: int, signs: str, role: str) -> Iterator[Spoken]:
    """The words of one reading. Equal words of a long row of digits are one object, since they are the same."""
    words = said.words.split() if " " in said.words else [said.words]
    last, assumed = len(words) - 1, said.assumed
    made: dict[str, Spoken] = {}
    for place, word in enumerate(words):
        spoken = made.get(word)
        if spoken is None or place == last:
            lower = word.lower()
            letter = said.letter or "." in word or (said.kind in _WITH_LETTERS and word.isupper())
            written = "" if lower == word else word
            sign = signs if place == last else ""
            spoken = Spoken(lower, start, end, said.kind, letter, sign, (), "", role, assumed, written)
            if not assumed:
                made[word] = spoken
        yield spoken
        assumed = ""


def _is_shouted(text: str) -> bool:
    """Whether most words of two letters and more are in capitals, and there are three of them."""
    words = re.findall(r"[A-Za-z]{2,}", text[:4000])
    capitals = [word for word in words if word.isupper()]
    return len(capitals) >= 3 and len(capitals) * 10 >= len(words) * 7 and any(len(word) > 4 for word in capitals)
