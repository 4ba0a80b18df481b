"""Amounts as they stand before units and currencies: 1,234.5, 4 1/2, 4½, and ranges of them."""

from __future__ import annotations

import re

from vocolab_english.normaliser import numbers
from vocolab_english.normaliser.rule import DASH, NUMBER, Context
from vocolab_english.normaliser.tables import listed

VULGAR = {
    "½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅕": "1/5", "⅖": "2/5", "⅗": "3/5", "⅘": "4/5",
    "⅙": "1/6", "⅚": "5/6", "⅐": "1/7", "⅛": "1/8", "⅜": "3/8", "⅝": "5/8", "⅞": "7/8", "⅑": "1/9", "⅒": "1/10",
}  # fmt: skip
_vulgar = "".join(VULGAR)
FRACTION = (
    rf"(?:\d{{1,9}}(?:[\s-]\d{{1,3}}/\d{{1,3}}(?![\d/])|\s?[{_vulgar}])|\d{{1,3}}/\d{{1,3}}(?![\d/])|[{_vulgar}])"
)
"""A fraction or a mixed number."""
AMOUNT = rf"(?:{FRACTION}|{NUMBER})"
"""A number, a fraction or a mixed number."""
RANGE = rf"(?P<amount>{AMOUNT})(?:(?P<dash>{DASH}|\sto\s|\sor\s)(?P<until>{AMOUNT}))?"

_PARTS = re.compile(
    rf"(?:(\d{{1,9}})(?:\s?([{_vulgar}])|[\s-](\d{{1,3}})/(\d{{1,3}}))|([{_vulgar}])|(\d{{1,3}})/(\d{{1,3}}))"
)


def amount_words(written: str, context: Context) -> str:
    """The words of what `AMOUNT` matched."""
    parts = _PARTS.fullmatch(written)
    if not parts:
        return numbers.decimal(written, joint=context.joint)
    whole, sign, top, bottom, alone, top2, bottom2 = parts.groups()
    if sign or alone:
        top, bottom = VULGAR[sign or alone].split("/")
    top, bottom = top or top2, bottom or bottom2
    return numbers.mixed(whole, top, bottom) if whole else numbers.fraction(top, bottom)


def is_one(written: str) -> bool:
    """Whether a singular follows: 1, or a part of one."""
    return written == "1" or written in VULGAR or bool(re.fullmatch(r"\d{1,3}/\d{1,3}", written))


_DETERMINERS = listed("a an one another this that each every the his her its my our your their any no")
_NO_NOUNS = listed(
    "and or but of in to for at by on as is was are were with from that than per each a an the when if so which who "
    "would will has had have can may not would more less plus before after over under back out off up down into "
    "because while during until since came went made being could should must might"
)
_FIRST = re.compile(r"[\s-]([a-z]{1,24})(?!\w)")


def before_noun(context: Context, start: int, end: int) -> bool:
    """Whether the amount describes a noun, so that its unit stays singular: a $5 bill, a 10 km run."""
    if re.match(r"-[a-z]", context.text[end : end + 2]):
        return True
    if context.before(start) not in _DETERMINERS:
        return False
    following = _FIRST.match(context.text, end, min(len(context.text), end + 32))
    return bool(following) and following[1] not in _NO_NOUNS  # type: ignore[index]
