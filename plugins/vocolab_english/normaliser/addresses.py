"""Street addresses: 1026 North Beckley, 2788 San Tomas Expy, 605 Elsbeth St.; and numbers that are names: Room 317."""

from __future__ import annotations

import re
from collections.abc import Sequence

from vocolab_english.normaliser import numbers
from vocolab_english.normaliser.rule import JOINED, Context, Said, rule, whole
from vocolab_english.normaliser.tables import listed, table

_ROADS = listed(
    "street streets avenue avenues road roads drive boulevard lane court courts place square terrace parkway highway "
    "expressway freeway turnpike circle crescent plaza crossing trail alley bypass causeway route way"
)
_SHORT = {row[0]: row[1] for row in table("abbreviations") if row[2] == "street" and row[1] in _ROADS}
_TYPES = "|".join(sorted({*_SHORT, *(name.capitalize() for name in _ROADS), "Broadway", "Row", "Mall", "Walk"},
                         key=len, reverse=True))  # fmt: skip
_DIRECTIONS = {"N": "north", "S": "south", "E": "east", "W": "west", "NE": "northeast", "NW": "northwest",
               "SE": "southeast", "SW": "southwest"}  # fmt: skip
_DIRECTION = (
    r"(?:North|South|East|West|Northeast|Northwest|Southeast|Southwest|N\.?E|N\.?W|S\.?E|S\.?W|[NSEW])(?!\w)\.?"
)
_WORD = r"(?:[A-Z][a-z'][A-Za-z'-]{0,24}(?![\w])|\d{1,3}(?:st|nd|rd|th)|[A-Z](?=\s))"
_CHUNK = re.compile(r"\S+")


def house_number(digits: str) -> str:
    """A house number: "605" is "six oh five", "12" is "twelve"."""
    return numbers.paired(digits)


def _words(match: re.Match[str], start: int, end: int) -> list[Said]:
    said = []
    for chunk in _CHUNK.finditer(match.string, start, end):
        written = chunk.group()
        bare = written.rstrip(".")
        folded = bare.replace(".", "").upper()
        if bare[0].isdecimal():
            words = numbers.ordinal(bare[:-2])
        elif folded in _DIRECTIONS and bare.replace(".", "").isupper():
            words = _DIRECTIONS[folded]
        elif chunk.end() >= match.end("type") and bare in _SHORT:
            words = _SHORT[bare]
        else:
            words = bare
        said.append(Said(words, *chunk.span(), "address", letter=len(bare) == 1 and words == bare))
    return said


def _address(match: re.Match[str], context: Context) -> Sequence[Said] | None:
    number = Said(house_number(match["number"]), *match.span("number"), "address")
    return [number, *_words(match, match.end("number"), match.end())]


def _with_direction(match: re.Match[str], context: Context) -> Sequence[Said] | None:
    if match["name"] in ("America", "Africa", "Korea", "Carolina", "Dakota", "Asia", "Germany", "Vietnam"):
        return None
    number = Said(house_number(match["number"]), *match.span("number"), "address")
    return [number, *_words(match, match.end("number"), match.end())]


_NAMED = (
    r"room|suite|flight|box|exhibits?|highway|interstate|route|apartment|bus|train|unit|apt\.|cabin|car|squad|locker|"
    "boeing"
)
_CHAIN = r"(?:\d{1,4}(?:,|,?\sand|,?\sor|\sto|\sthrough)\s){0,4}"
_NAMED_BEFORE = re.compile(rf"\b(?:{_NAMED})(?:\s(?:no\.|number|nos\.))?\s{_CHAIN}$", re.IGNORECASE)


def _number_as_name(match: re.Match[str], context: Context) -> Sequence[Said] | None:
    """Three and four digits after Room, Flight, Exhibit ... are said in pairs."""
    if not _NAMED_BEFORE.search(context.text[max(0, match.start() - 48) : match.start()]):
        return None
    return whole(match, numbers.paired(match.group()), "number")


def _street_alone(match: re.Match[str], context: Context) -> Sequence[Said]:
    """N. Main St., S. 3rd Ave.: the direction before a street without a number."""
    return [Said(_DIRECTIONS[match["direction"][0]], *match.span("direction"), "address")]


RULES = [
    rule(rf"(?P<direction>[NSEW]\.)(?=\s{_WORD}\s(?:{_TYPES})(?!\w))", _street_alone, JOINED),
    rule(
        rf"(?P<number>\d{{1,5}})[A-Za-z]?\s(?:{_DIRECTION}\s)?(?:{_WORD}\s){{1,4}}?(?P<type>{_TYPES})(?!\w)"
        rf"(?:\.(?!\s[A-Z])|\.(?=\s[A-Z]))?(?:\s(?:{_DIRECTION})(?![\w]))?",
        _address,
    ),
    rule(
        rf"(?P<number>\d{{3,5}})\s(?P<direction>{_DIRECTION})\s(?P<name>{_WORD})(?P<type>(?=\W|$))",
        _with_direction,
    ),
    rule(r"\d{3,4}(?!\w|[,.:]\d|-\d)", _number_as_name),
]  # fmt: skip
