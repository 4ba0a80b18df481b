"""Codes of letters and digits: B2A23C, MIG-25, RTX-6000, H800, 3D, COVID-19, 12-34-56."""

from __future__ import annotations

import re
from collections.abc import Sequence

from vocolab_english.normaliser import numbers
from vocolab_english.normaliser.acronyms import are_letters
from vocolab_english.normaliser.rule import DIGIT, JOINED, Context, Said, rule

_PARTS = re.compile(r"[A-Za-zμα-ωΑ-Ω]+|\d+(?:st|nd|rd|th)(?![A-Za-z])|\d+(?:\.\d+)?|[-/_&#+]")
_SIGNS = {"&": "and", "#": "number", "+": "plus"}


def serial_digits(digits: str, context: Context, *, apart: bool) -> str:
    """Digits of a code: one or two and round hundreds as a number, else one by one; three by themselves as a number.

    `apart` says that hyphens or spaces set them off.
    """
    if digits[0] == "0":
        return numbers.spelled(digits, zero=context.zero)
    if len(digits) <= 2 or (apart and len(digits) == 3) or (len(digits) <= 4 and digits.endswith("00")):
        round_thousand = len(digits) < 4 or digits.endswith("000")
        return numbers.cardinal(digits) if round_thousand else numbers.paired(digits)
    return numbers.spelled(digits, zero=context.zero)


def code_words(written: str, start: int, context: Context, kind: str = "serial") -> list[Said]:
    """A code, part by part, each with its own span."""
    said = []
    for match in _PARTS.finditer(written):
        part, at = match.group(), start + match.start()
        letter = False
        if part[0].isdecimal():
            before, after = written[match.start() - 1 : match.start()], written[match.end() : match.end() + 1]
            if not part.isdecimal():
                words = numbers.ordinal(part[:-2]) if "." not in part else numbers.decimal(part)
            else:
                words = serial_digits(part, context, apart=not (before.isalpha() or after.isalpha()))
        elif part.isalpha():
            words, letter = part, are_letters(part, shouted=False, code=True)
        else:
            words = _SIGNS.get(part, "")
        if words:
            said.append(Said(words, at, at + len(part), kind, letter))
    return said


_WORD_AND_NUMBER = re.compile(r"(?:[A-Z]?[a-z]{2,12}-\d+(?:\.\d+)?s?|\d+(?:\.\d+)?-?[A-Za-z]{4,12}(?:-[A-Za-z]+)*)$")
"""Words with a number before or after a hyphen, which are read apart: mid-1980s, 10-year-old."""


def _code(match: re.Match[str], context: Context) -> Sequence[Said] | None:
    written = match.group()
    if _WORD_AND_NUMBER.match(written):
        return None
    return code_words(written, match.start(), context)


def _groups(match: re.Match[str], context: Context) -> Sequence[Said]:
    """Three or more groups of digits: each of one to three digits as a number."""
    return code_words(match.group(), match.start(), context)


def _lines(match: re.Match[str], context: Context) -> Sequence[Said]:
    """The lines of a picture: 1080p."""
    return [
        Said(numbers.paired(match["lines"]), *match.span("lines"), "serial"),
        Said(match["scan"], *match.span("scan"), "serial", letter=True),
    ]


RULES = [
    rule(r"(?P<lines>240|360|480|576|720|1080|1440|2160)(?P<scan>[pi])(?!\w)", _lines),
    rule(r"(?=[A-Za-z\d/-]{0,30}[\d])[A-Za-z]{1,12}[-/]?\d{1,20}(?:[-/]?(?:[A-Za-z]{1,12}|\d{1,20})){0,12}(?![\w])"
         r"(?:\.\d{1,3}(?![\w]|\.\d))?", _code, JOINED),
    rule(r"\d{1,20}-?(?:[A-Z]{1,12}|[a-z]{1,3})(?:[-/]?(?:[A-Za-z]{1,12}|\d{1,20})){0,12}(?!\w)", _code),
    rule(r"\d{1,20}(?:(?:[-/]\d{1,20}){2,8}|/\d{4,20})(?!\w)", _groups, DIGIT),
]  # fmt: skip
