"""Spans whose kind is given, as SSML's say-as has it: characters, digits, cardinal, ordinal, date, telephone ..."""

from __future__ import annotations

import re
from collections.abc import Callable

from vocolab.texts.document import SayAs
from vocolab_english.normaliser import numbers
from vocolab_english.normaliser.calendar import MONTH_NAMES, MONTHS, day_words, year_words
from vocolab_english.normaliser.electronic import SIGNS
from vocolab_english.normaliser.rule import Context, Said
from vocolab_english.normaliser.symbols_said import SYMBOLS

Reader = Callable[[str, int, SayAs, Context], "list[Said] | None"]


def _characters(text: str, start: int, hint: SayAs, context: Context) -> list[Said]:
    """One by one: letters, digits, and signs by their names."""
    said = []
    for at, sign in enumerate(text, start):
        if sign.isalpha():
            said.append(Said(SYMBOLS.get(sign.lower(), sign), at, at + 1, "characters", sign.lower() not in SYMBOLS))
        elif sign.isascii() and sign.isdecimal():
            said.append(Said(numbers.spelled(sign), at, at + 1, "characters"))
        else:
            said.append(Said(SIGNS.get(sign) or SYMBOLS.get(sign, ""), at, at + 1, "characters"))
    return said


def _digits(text: str, start: int, hint: SayAs, context: Context) -> list[Said] | None:
    found = re.findall(r"[0-9]", text)
    return (
        [Said(numbers.spelled("".join(found), zero=context.zero), start, start + len(text), "digits")]
        if found
        else None
    )


def _number(text: str) -> str | None:
    """The digits of a number as it may be written, of a roman numeral too."""
    bare = re.sub(r"[\s,]", "", text)
    if re.fullmatch(r"[-−+]?\d+(?:st|nd|rd|th)?", bare):
        return re.sub(r"\D", "", bare)
    value = numbers.roman(bare)
    return str(value) if value is not None else None


def _cardinal(text: str, start: int, hint: SayAs, context: Context) -> list[Said] | None:
    digits = _number(text)
    if digits is None:
        return None
    minus = "minus " if text.strip()[0] in "-−" else ""
    return [Said(minus + numbers.cardinal(digits, joint=context.joint), start, start + len(text), "cardinal")]


def _ordinal(text: str, start: int, hint: SayAs, context: Context) -> list[Said] | None:
    digits = _number(text)
    return [Said(numbers.ordinal(digits, joint=context.joint), start, start + len(text), "ordinal")] if digits else None


def _year(text: str, start: int, hint: SayAs, context: Context) -> list[Said] | None:
    digits = text.strip()
    if not re.fullmatch(r"[0-9]{2,4}", digits):
        return None
    return [Said(year_words(digits, context), start, start + len(text), "year")]


_DATE_PART = re.compile(r"\d+|[A-Za-z]+")
_ORDERS = {"mdy", "dmy", "ymd", "ydm", "md", "dm", "ym", "my", "y", "m", "d", "mdyyyy"}


def _date(text: str, start: int, hint: SayAs, context: Context) -> list[Said] | None:
    """A date in the order that the format gives: "dmy", "yyyymmdd"; without one the rules decide."""
    order = "".join(dict.fromkeys(re.sub(r"[^ymd]", "", hint.format.lower())))
    if not order:
        return None
    parts = [(match.group(), match.start() + start) for match in _DATE_PART.finditer(text)]
    parts = [part for part in parts if part[0].lower() not in ("st", "nd", "rd", "th", "of", "the")]
    if len(parts) == 1 and len(order) == 3 and re.fullmatch(r"\d{8}", parts[0][0]):
        parts = _cut(parts[0][0], parts[0][1], order)
    if len(parts) != len(order):
        return None
    said = {field: _date_part(field, *part, context) for field, part in zip(order, parts, strict=True)}
    if any(part is None for part in said.values()):
        return None
    spoken = "dmy" if order.startswith("dm") else "mdy"
    day = said.get("d")
    if spoken == "dmy" and day:
        said["d"] = day._replace(words=f"the {day.words} of")
    return [part for field in spoken if (part := said.get(field))]


def _cut(digits: str, start: int, order: str) -> list[tuple[str, int]]:
    parts, at = [], 0
    for field in order:
        width = 4 if field == "y" else 2
        parts.append((digits[at : at + width], start + at))
        at += width
    return parts


def _date_part(field: str, written: str, start: int, context: Context) -> Said | None:
    end = start + len(written)
    if field == "m":
        number = int(written) if written.isdecimal() else 0
        name = MONTHS[number - 1] if 1 <= number <= 12 else MONTH_NAMES.get(written.lower())
        return Said(name.lower(), start, end, "date") if name else None
    if not written.isdecimal() or (field == "d" and not 1 <= int(written) <= 31):
        return None
    return Said(day_words(written, context) if field == "d" else year_words(written[-4:], context), start, end, "date")


def _telephone(text: str, start: int, hint: SayAs, context: Context) -> list[Said] | None:
    said = []
    for match in re.finditer(r"\d+|[A-Za-z]+|\+", text):
        part = match.group()
        words = "plus" if part == "+" else part if part.isalpha() else numbers.spelled(part, zero=context.zero)
        said.append(Said(words, start + match.start(), start + match.end(), "telephone"))
    return said or None


def _fraction(text: str, start: int, hint: SayAs, context: Context) -> list[Said] | None:
    match = re.fullmatch(r"\s*(?:(\d{1,30})[\s+]+)?(\d{1,30})\s*/\s*(\d{1,30})\s*", text)
    if not match:
        return None
    whole, top, bottom = match.groups()
    words = numbers.mixed(whole, top, bottom) if whole else numbers.fraction(top, bottom)
    return [Said(words, start, start + len(text), "fraction")]


READERS: dict[str, Reader] = {
    "characters": _characters, "spell-out": _characters, "spell": _characters, "verbatim": _characters,
    "letters": _characters, "digits": _digits, "number:digits": _digits, "cardinal": _cardinal, "number": _cardinal,
    "ordinal": _ordinal, "date": _date, "year": _year, "telephone": _telephone, "fraction": _fraction,
}  # fmt: skip
"""By the value of interpret-as. What is not here, or does not fit its text, is read by the rules: time, currency."""


def read_as(hint: SayAs, text: str, start: int, context: Context) -> list[Said] | None:
    """What is said for a span whose kind is given; None if its text is not of that kind and the rules shall read it."""
    kind = hint.interpret_as.lower()
    reader = READERS.get(f"{kind}:{hint.format}") or READERS.get(kind)
    return reader(text, start, hint, context) if reader else None
