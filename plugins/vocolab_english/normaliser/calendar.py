"""The names of months and what a day or a year is: what dates of every order share."""

from __future__ import annotations

from vocolab_english.normaliser import numbers
from vocolab_english.normaliser.rule import Context

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_SHORT = {"Sept": "September", **{month[:3]: month for month in MONTHS}}
MONTH_NAMES = {name.lower(): month for name, month in [*_SHORT.items(), *((month, month) for month in MONTHS)]}
_CAPITAL_ONLY = {"May", "March", "Mar", "Dec", "Sept", "Sep", "Jan", "Jun", "Jul", "Apr", "Feb", "Aug", "Oct", "Nov"}

_full = "|".join(month for month in MONTHS if month not in _CAPITAL_ONLY)
_short = "|".join(sorted(_CAPITAL_ONLY | set(_SHORT), key=len, reverse=True))
_lower = _short.lower().replace("may|", "")
_may = r"may(?=\s\d{1,2}(?:st|nd|rd|th)?(?:,?\s\d{4}|\s?$|[,.]))"
MONTH = rf"(?P<month>(?i:{_full})|(?:{_short}|{_short.upper()}|{_lower})(?!\w)\.?|{_may})(?!\w)"
"""A month's name, full or short; what is also a word needs its capital."""
YEAR = r"(?:[12]\d{3}(?!\d)(?!,\d{3}))"
DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])"
SUFFIX = r"(?P<suffix>(?i:st|nd|rd|th)(?!\w))"

_DAYS_IN = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def month_name(written: str) -> str:
    """The full name, in lower case, of a month as it was written."""
    return MONTH_NAMES[written.lower().rstrip(".")].lower()


def is_date(year: int, month: int, day: int) -> bool:
    """Whether there is such a day; two-digit years may be leap years."""
    if not (1 <= month <= 12 and 1 <= day <= _DAYS_IN[month - 1]):
        return False
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return month != 2 or day < 29 or leap or year < 100


def day_words(digits: str, context: Context) -> str:
    """A day of the month: "fifth", or "five" if the options ask for it."""
    return numbers.cardinal(digits) if context.options.days == "cardinal" else numbers.ordinal(digits)


def year_words(digits: str, context: Context) -> str:
    """A year of two to four digits as the options have it."""
    if context.options.years == "digits":
        return numbers.spelled(digits, zero=context.zero)
    if len(digits) == 2:
        return numbers.pair(digits) if digits != "00" else "two thousand"
    if context.options.years == "cardinal":
        return numbers.cardinal(digits, joint=context.joint)
    return numbers.year(digits)
