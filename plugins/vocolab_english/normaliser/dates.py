"""Dates in the usual orders: May 5, 2024; 5 May 2024; 2024-05-05; 5/5/2024; ranges of days; quarters."""

from __future__ import annotations

import re
from collections.abc import Sequence

from vocolab_english.normaliser import numbers
from vocolab_english.normaliser.calendar import (
    DAY,
    MONTH,
    MONTH_NAMES,
    MONTHS,
    SUFFIX,
    YEAR,
    day_words,
    is_date,
    month_name,
    year_words,
)
from vocolab_english.normaliser.rule import DASH, DIGIT, LETTER, Context, Said, grouped, rule, whole

_NO_MORE = r"(?![\w:/%°]|[.,]\d|-\d|\s?(?:[ap]\.?m\b|o'clock|million|percent|hours?\b|minutes?\b|miles?\b))"


def _month_first(match: re.Match[str], context: Context) -> Sequence[Said]:
    parts = [("month", month_name(match["month"])), ("day", day_words(match["day"], context))]
    if match["until"]:
        parts += [("dash", "to"), ("until", day_words(match["until"], context))]
    if match["year"]:
        parts.append(("year", year_words(match["year"], context)))
    return grouped(match, "date", *parts)


def _month_and_year(match: re.Match[str], context: Context) -> Sequence[Said]:
    return grouped(match, "date", ("month", month_name(match["month"])), ("year", year_words(match["year"], context)))


def _day_first(match: re.Match[str], context: Context) -> Sequence[Said]:
    """As it is written where the day has its ending, else "the fifth of May"."""
    day, month = numbers.ordinal(match["day"]), month_name(match["month"])
    if match["of"]:
        parts = [("day", day), ("of", "of"), ("month", month)]
    elif match["suffix"] or context.options.days == "cardinal":
        parts = [("day", day if match["suffix"] else day_words(match["day"], context)), ("month", month)]
    else:
        the = "" if context.before(match.start()) == "the" else "the "
        parts = [("day", f"{the}{day} of"), ("month", month)]
    if match["year"]:
        parts.append(("year", year_words(match["year"], context)))
    return grouped(match, "date", *parts)


def _year_first(match: re.Match[str], context: Context) -> Sequence[Said] | None:
    year, month, day = match["year"], int(match["number"]), match["day"]
    if not is_date(int(year), month, int(day)):
        return None
    name = MONTHS[month - 1].lower()
    return whole(match, f"{name} {day_words(day, context)} {year_words(year, context)}", "date")


def _all_numbers(match: re.Match[str], context: Context) -> Sequence[Said] | None:
    """Month first unless the option, the points of European dates, or the numbers say otherwise."""
    first, second, year = match["first"], match["second"], match["year"]
    orders = [(first, second), (second, first)]
    day_leads = context.options.dates == "day-first"
    if day_leads:
        orders.reverse()
    possible = [order for order in orders if is_date(int(year), int(order[0]), int(order[1]))]
    if not possible:
        if len(year) < 4:
            return None
        words = f"{numbers.cardinal(first)} {numbers.cardinal(second)} {year_words(year, context)}"
        return whole(match, words, "digits", assumed=f"{match.group()} is no date, read as numbers")
    month, day = possible[0]
    name, said_year = MONTHS[int(month) - 1].lower(), year_words(year, context)
    assumed = ""
    if len(possible) == 2 and int(first) != int(second):
        assumed = f"{match.group()} read {'day' if day_leads else 'month'} first"
    words = f"{name} {day_words(day, context)}"
    if possible[0] != (first, second):
        words = f"the {numbers.ordinal(day)} of {name}"
    return whole(match, f"{words} {said_year}", "date", assumed=assumed)


_PERIODS = {"Q": "quarter", "H": "half"}


def _period(match: re.Match[str], context: Context) -> Sequence[Said]:
    """3Q22, Q3 2022, 1H23: the third quarter of twenty two."""
    number = match["number"] or match["number2"]
    kind = _PERIODS[(match["kind"] or match["kind2"]).upper()]
    the = "" if context.before(match.start()) == "the" else "the "
    words = f"{the}{numbers.ordinal(number)} {kind}"
    year = match["year"] or match["year2"]
    return whole(match, f"{words} of {year_words(year, context)}", "date")


def _month_by_number(match: re.Match[str], context: Context) -> Sequence[Said]:
    """12/2020 and 2020-12, where the two can't be a range of years."""
    name = MONTHS[int(match["number"]) - 1].lower()
    return whole(match, f"{name} {year_words(match['year'], context)}", "date")


def _fiscal(match: re.Match[str], context: Context) -> Sequence[Said]:
    return [
        Said("fy" if match["short"] else "fiscal year", *match.span("fiscal"), "date", bool(match["short"])),
        Said(year_words(match["year"], context), *match.span("year"), "date"),
    ]


WEEKDAYS = {day[:3]: day for day in ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]}


def _names(match: re.Match[str], context: Context) -> Sequence[Said] | None:
    """Mon-Fri, Jan.–Mar.: two short names with a dash."""
    first, last = (match[group].lower() for group in ("first", "last"))
    names = WEEKDAYS if first[:3] in WEEKDAYS else {name: month.lower() for name, month in MONTH_NAMES.items()}
    said = [names.get(name) or names.get(name[:3]) for name in (first, last)]
    if not all(said):
        return None
    return grouped(match, "date", ("first", str(said[0])), ("dash", "to"), ("last", str(said[1])))


_SHORT_NAME = "Mon|Tues?|Wed|Thurs?|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec"
_YEAR = rf"(?P<year>{YEAR})"
_SEPARATED = r"(?P<first>0?[1-9]|[12]\d|3[01])(?P<sign>[/.\-])(?P<second>0?[1-9]|[12]\d|3[01])(?P=sign)"

MONTHS_AFTER_YEARS = rule(r"(?P<year>(?:19|20)\d\d)-(?P<number>0[1-9]|1[0-2])(?![\w-]|[.,]\d)", _month_by_number)
"""Tried after ranges of years."""

RULES = [
    rule(
        rf"(?P<first>{_SHORT_NAME})\.?(?P<dash>\s?[-–]\s?)(?P<last>{_SHORT_NAME})(?!\w)(?:\.(?!\s?$))?",
        _names,
        LETTER,
    ),
    rule(
        rf"{MONTH}[\s-]?\s?(?:the\s)?{DAY}(?:{SUFFIX})?(?:(?P<dash>{DASH})(?P<until>[12]\d|3[01]|[1-9])(?:st|nd|rd|th)?)?"
        rf"(?:\s?,?[\s-]{{0,2}}{_YEAR})?{_NO_MORE}",
        _month_first, LETTER,
    ),
    rule(rf"{MONTH}(?:\s?,\s?|\s|-){_YEAR}{_NO_MORE}", _month_and_year, LETTER),
    rule(
        rf"{DAY}{SUFFIX}?(?:\s(?P<of>of))?[\s-]?{MONTH}(?:\s?,?[\s-]{{0,2}}(?P<year>{YEAR})(?![\w:/%]|[.,]\d))?",
        _day_first,
    ),
    rule(rf"{_YEAR}(?P<sign>[-/.])(?P<number>0?[1-9]|1[0-2])(?P=sign){DAY}(?![\w/-]|\.\d)", _year_first),
    rule(rf"{_SEPARATED}(?P<year>[12]\d{{3}}|\d\d)(?![\w/-]|[.,:]\d)", _all_numbers),
    rule(r"(?P<number>0?[1-9]|1[0-2])/(?P<year>(?:19|20)\d\d)(?![\w/]|[-.,]\d)", _month_by_number),
    rule(
        r"(?:(?P<number>[1-4])(?P<kind>[QHqh])|(?P<kind2>[QH])(?P<number2>[1-4]))\s?"
        r"(?:(?P<year>(?:19|20)\d\d)|'?(?P<year2>\d\d))(?!\w)",
        _period, DIGIT + "QH",
    ),
    rule(r"(?P<fiscal>(?P<short>FY)|fiscal\syear)[\s-]?(?P<year>\d{4}|\d\d)(?!\w)", _fiscal, "Ff"),
]  # fmt: skip
