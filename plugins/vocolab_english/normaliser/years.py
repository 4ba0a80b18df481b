"""Years, decades and eras, and how a number of four digits shows that it is no year."""

from __future__ import annotations

import re
from collections.abc import Sequence

from vocolab_english.normaliser import dates, numbers
from vocolab_english.normaliser.calendar import year_words
from vocolab_english.normaliser.rule import DASH, DIGIT, LETTER, Context, Said, grouped, rule, whole
from vocolab_english.normaliser.tables import listed

_COUNTED = listed("men women people children feet head sheep cattle horse foot yards miles teeth")
_NO_PLURALS = listed(
    "was has is this his its as us thus perhaps always sometimes towards besides unless across yes does goes says "
    "makes takes comes gives shows seems became begins marks afterwards onwards upwards whereas hers ours theirs "
    "plus versus various previous famous serious is regards concerns"
)
_NEXT_WORD = re.compile(
    r"\s(?:(?:or\sso|odd|other|more|new|young|old|poor|male|female|different)\s)?([a-z]{3,24})(?![\w])"
)
_OPENS_YEAR = listed("the early late mid that spring summer fall autumn winter")


def counts_something(context: Context, at: int) -> bool:
    """Whether a plural follows: 1200 prisoners."""
    found = _NEXT_WORD.match(context.text, at, min(len(context.text), at + 48))
    if not found:
        return False
    word = found[1]
    if word in _COUNTED:
        return True
    return len(word) > 3 and word[-1] == "s" and word[-2:] not in ("ss", "us", "is") and word not in _NO_PLURALS


def _year(match: re.Match[str], context: Context) -> Sequence[Said] | None:
    digits = match["year"]
    if counts_something(context, match.end()) and context.before(match.start()) not in _OPENS_YEAR:
        round_hundreds = digits[-2:] == "00" and digits[-3:] != "000" and digits < "2000"
        return whole(match, numbers.year(digits), "cardinal") if round_hundreds else None
    return whole(match, year_words(digits, context), "year")


def _short_year(match: re.Match[str], context: Context) -> Sequence[Said] | None:
    """Three digits after "in" and before a sign or a name are an ancient year: In 331, Alexander."""
    if context.before(match.start()) not in ("in", "since", "until", "year"):
        return None
    return whole(match, year_words(match["year"], context), "year", assumed=f"{match['year']} read as a year")


def _decade(match: re.Match[str], context: Context) -> Sequence[Said]:
    return whole(match, numbers.plural(numbers.year(match["year"])), "year")


def _short_decade(match: re.Match[str], context: Context) -> Sequence[Said]:
    return whole(match, numbers.plural(numbers.cardinal(match["decade"])), "year")


def _range(match: re.Match[str], context: Context) -> Sequence[Said] | None:
    first, last = match["first"], match["last"]
    begins = int(first.rstrip("s")[-len(last.rstrip("s")) :])
    if len(last.rstrip("s")) < 4 and int(last.rstrip("s")) <= begins:
        return None

    def said(written: str) -> str:
        words = year_words(written.rstrip("s"), context)
        return numbers.plural(words) if written.endswith("s") else words

    return grouped(match, "year", ("first", said(first)), ("dash", "to"), ("last", said(last)))


def _era(match: re.Match[str], context: Context) -> Sequence[Said]:
    era = match["era"].replace(" ", "")
    digits = match["year"].replace(",", "")
    return [
        Said(year_words(digits, context) if len(digits) > 2 else numbers.cardinal(digits), *match.span("year"), "year"),
        Said(era, *match.span("era"), "year", letter=True),
    ]


def _before_era(match: re.Match[str], context: Context) -> Sequence[Said]:
    """The first of two years that share an era: 625 to 538 B.C."""
    return grouped(match, "year", ("year", year_words(match["year"], context)), ("dash", "to"))


def _era_first(match: re.Match[str], context: Context) -> Sequence[Said]:
    digits = match["year"]
    return [
        Said(match["era"].replace(" ", ""), *match.span("era"), "year", letter=True),
        Said(year_words(digits, context) if len(digits) > 2 else numbers.cardinal(digits), *match.span("year"), "year"),
    ]


_ERA = r"(?P<era>A\.\s?D\.?|B\.\s?C\.(?:\s?E\.)?|BCE|BC|CE|AD|a\.d\.|b\.c\.)(?!\w)"
_SECOND = r"\d{3,4}\s?" + _ERA.replace("?P<era>", "?:")

RULES = [
    rule(rf"(?P<year>\d{{1,3}}(?:,\d{{3}}){{1,2}}|\d{{1,5}})\s?{_ERA}", _era),
    rule(rf"(?P<year>\d{{3,4}})(?:(?=\s(?:to|and|or|until)\s{_SECOND})|(?P<dash>{DASH})(?={_SECOND}))", _before_era),
    rule(rf"{_ERA}\s?(?P<year>\d{{1,4}})(?![\w,]|\.\d)", _era_first, LETTER),
    rule(rf"(?P<first>[12]\d{{3}}s?)(?P<dash>{DASH}|/)(?P<last>[12]\d{{3}}s?|\d\ds?)(?![\w/-]|[.,:]\d|%)", _range),
    dates.MONTHS_AFTER_YEARS,
    rule(r"(?P<year>[12]\d\d0)\s?'?s(?!\w)", _decade),
    rule(r"'?(?P<decade>[2-9]0)'?s(?!\w)", _short_decade, DIGIT + "'"),
    rule(r"(?P<year>[12][01]\d\d|1[2-9]\d\d|2\d{3})(?![\w/%°$€£]|[.,:]\d|-\d)", _year),
    rule(r"(?P<year>[1-9]\d\d)(?=,\s[A-Za-z]|[;.]?\s?$|\s[A-Z])", _short_year),
    rule(r"'(?P<year>\d\d)(?![\w%°'\"]|[.,:]\d)", _year, "'"),
]
