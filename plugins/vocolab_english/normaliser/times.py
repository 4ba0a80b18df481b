"""Times of day: 3:05 p.m. EST, 13:42, 10:00:05, 5pm-7pm, 0600 hours; and what else has a colon: ratios, verses."""

from __future__ import annotations

import re
from collections.abc import Sequence

from vocolab_english.normaliser import numbers
from vocolab_english.normaliser.rule import DASH, WORD, Context, Said, absent, grouped, rule, whole

_ZONES = (
    "EST|EDT|CST|CDT|MST|MDT|PST|PDT|AKST|HST|GMT|UTC|CET|CEST|EET|BST|IST|JST|AEST|AEDT|ET|CT|MT|PT"
    "|(?i:est|edt|cst|cdt|mst|mdt|pst|pdt|gmt|utc)"
)
_HALF = r"(?P<half>[aApP]\.\s?[mM]\.?|[aApP][mM])(?!\w)"
_ZONE = rf"(?:\s?\(?(?P<zone>{_ZONES})\)?(?!\w))?"
_HOUR = r"(?P<hour>[01]?\d|2[0-4])"
_MINUTE = r"(?P<minute>[0-5]\d)"
_NO_MORE = r"(?![\w%]|[:.,]\d)"


def clock(hour: str, minute: str | None, *, half: bool) -> str:
    """An hour and perhaps a minute: "3", "05" is three oh five, "12", "00" twelve o'clock."""
    hours = numbers.cardinal(hour)
    if minute is None or (minute == "00" and half):
        return hours
    if minute == "00":
        return f"{hours} o'clock" if int(hour) <= 12 else f"{hours} hundred"
    return f"{hours} {numbers.pair(minute)}"


_UNTIL_HALF = re.compile(r"\s?(?:to|and|or|until|-|–)\s?(?:[01]?\d)(?::[0-5]\d)?\s?[aApP]\.?\s?[mM]")


def _ends(match: re.Match[str], kind: str = "time") -> list[Said]:
    """The half of the day and the zone, whose letters are named."""
    said = []
    if match["half"]:
        written = match["half"].lower().replace(" ", "")
        words = written if "." in written else " ".join(written)
        said.append(Said(words, *match.span("half"), kind, letter=True))
    if match["zone"]:
        said.append(Said(" ".join(match["zone"]), *match.span("zone"), kind, letter=True))
    return said


def _hour_and_minute(match: re.Match[str], context: Context) -> Sequence[Said]:
    half = bool(match["half"] or _UNTIL_HALF.match(context.text, match.end()))
    words = clock(match["hour"], match["minute"], half=half)
    return [Said(words, match.start("hour"), match.end("minute"), "time"), *_ends(match)]


def _hour(match: re.Match[str], context: Context) -> Sequence[Said]:
    return [Said(numbers.cardinal(match["hour"]), *match.span("hour"), "time"), *_ends(match)]


def _counted(digits: str, unit: str) -> str:
    return f"{numbers.cardinal(digits)} {unit}{'' if int(digits) == 1 else 's'}"


def _with_seconds(match: re.Match[str], context: Context) -> Sequence[Said]:
    parts = [
        ("hour", _counted(match["hour"], "hour")),
        ("minute", _counted(match["minute"], "minute") + " and"),
        ("second", _counted(match["second"], "second")),
    ]
    return [*grouped(match, "time", *parts), *_ends(match)]


def _range(match: re.Match[str], context: Context) -> Sequence[Said]:
    begin = clock(match["hour"], match["minute"], half=bool(match["first_half"] or match["half"]))
    end = clock(match["hour2"], match["minute2"], half=bool(match["half"]))
    said = [Said(begin, match.start("hour"), match.end("minute" if match["minute"] else "hour"), "time")]
    if match["first_half"]:
        written = match["first_half"].lower().replace(" ", "")
        said.append(Said(written if "." in written else " ".join(written), *match.span("first_half"), "time", True))
    said.append(Said("to", *match.span("dash"), "time"))
    said.append(Said(end, match.start("hour2"), match.end("minute2" if match["minute2"] else "hour2"), "time"))
    return [*said, *_ends(match)]


def _military(match: re.Match[str], context: Context) -> Sequence[Said]:
    hour, minute = match["hour"], match["minute"]
    hours = f"{'oh ' if hour[0] == '0' else ''}{numbers.cardinal(hour)}"
    return grouped(match, "time", ("hour", hours), ("minute", numbers.pair(minute)))


def _ratio(match: re.Match[str], context: Context) -> Sequence[Said]:
    """16:9 is sixteen to nine; after the name of a book, as in Psalm 119:105, the colon is not said."""
    first, second = numbers.cardinal(match["first"]), numbers.cardinal(match["second"])
    verse = len(match["second"]) > 1 and context.previous(match.start())[:1].isupper()
    if verse:
        return grouped(match, "verse", ("first", first), ("second", second))
    return grouped(match, "ratio", ("first", first), ("colon", "to"), ("second", second))


def _verse(match: re.Match[str], context: Context) -> Sequence[Said]:
    parts = [("first", numbers.cardinal(match["first"])), ("second", numbers.cardinal(match["second"]))]
    if match["last"]:
        parts += [("dash", "to"), ("last", numbers.cardinal(match["last"]))]
    return grouped(match, "verse", *parts)


def _minutes_and_seconds(match: re.Match[str], context: Context) -> Sequence[Said]:
    """A time that a run or a film takes: 4:05.33."""
    words = f"{numbers.cardinal(match['hour'])} {numbers.pair(match['minute'])}"
    return whole(match, f"{words} point {numbers.spelled(match['part'])}", "time")


_BOOKS = (
    "Genesis|Exodus|Leviticus|Numbers|Deuteronomy|Joshua|Judges|Ruth|Samuel|Kings|Chronicles|Ezra|Nehemiah|Esther|Job|"
    "Psalms?|Proverbs|Ecclesiastes|Isaiah|Jeremiah|Lamentations|Ezekiel|Daniel|Hosea|Joel|Amos|Jonah|Micah|Habakkuk|"
    "Zechariah|Malachi|Matthew|Mark|Luke|John|Acts|Romans|Corinthians|Galatians|Ephesians|Philippians|Colossians|"
    "Thessalonians|Timothy|Titus|Philemon|Hebrews|James|Peter|Jude|Revelation"
)


BOOK_NAMES = frozenset(_BOOKS.lower().replace("?", "").split("|"))
"""Names of the books of the Bible, in lower case."""


def _book(match: re.Match[str], context: Context) -> Sequence[Said]:
    book = Said(match["book"].lower(), *match.span("book"), "plain")
    return [book, *_verse(match, context)]


RULES = [
    rule(
        rf"(?P<book>{_BOOKS})\s(?P<first>\d{{1,3}}):(?P<second>\d{{1,3}})(?:(?P<dash>{DASH})(?P<last>\d{{1,3}}))?"
        r"(?![\w:]|[.,]\d)",
        _book, WORD,
    ),
    rule(
        rf"{_HOUR}(?::{_MINUTE})?(?:\s?(?P<first_half>[aApP]\.[mM]\.|[aApP][mM]))?(?P<dash>{DASH})"
        rf"(?P<hour2>[01]?\d|2[0-4])(?::(?P<minute2>[0-5]\d))?\s?{_HALF}{_ZONE}",
        _range,
    ),
    rule(
        rf"{_HOUR}:{_MINUTE}{absent('first_half')}(?P<dash>{DASH})(?P<hour2>[01]?\d|2[0-4]):(?P<minute2>[0-5]\d)"
        rf"{absent('half')}{_ZONE}{_NO_MORE}",
        _range,
    ),
    rule(rf"{_HOUR}:{_MINUTE}:(?P<second>[0-5]\d)(?:\s?{_HALF})?{_ZONE}{_NO_MORE}", _with_seconds),
    rule(rf"{_HOUR}:{_MINUTE}\.(?P<part>\d{{1,3}})(?![\w:])", _minutes_and_seconds),
    rule(rf"{_HOUR}[:.]{_MINUTE}\s?{_HALF}{_ZONE}", _hour_and_minute),
    rule(rf"{_HOUR}:{_MINUTE}{absent('half')}{_ZONE}{_NO_MORE}", _hour_and_minute),
    rule(rf"{_HOUR}\s?{_HALF}{_ZONE}", _hour),
    rule(rf"(?P<hour>[01]\d|2[0-3]){_MINUTE}(?=\s(?:hours|hrs)(?!\w))", _military),
    rule(r"(?P<first>\d{1,6})(?P<colon>:)(?P<second>\d{1,6})(?![\w:]|[.,]\d)", _ratio),
]  # fmt: skip
