"""Numbers as words: cardinals, ordinals, digits, pairs, years and decimals. Pure functions of digits."""

from __future__ import annotations

ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
TENS = ["", "", *["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]]
MAGNITUDES = ["", "thousand", "million", "billion", "trillion", "quadrillion", "quintillion", "sextillion",
              "septillion", "octillion", "nonillion", "decillion"]  # fmt: skip
LONGEST_VALUE = 3 * len(MAGNITUDES)
"""Digits of the longest number that has a name here; longer ones are read digit by digit."""

_ORDINALS = {"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
             "twelve": "twelfth"}  # fmt: skip


def _below_hundred(value: int) -> str:
    if value < 20:
        return ONES[value]
    tens, ones = divmod(value, 10)
    return TENS[tens] if not ones else f"{TENS[tens]} {ONES[ones]}"


def _below_thousand(value: int, joint: str) -> str:
    hundreds, rest = divmod(value, 100)
    if not hundreds:
        return _below_hundred(rest)
    words = f"{ONES[hundreds]} hundred"
    return f"{words}{joint}{_below_hundred(rest)}" if rest else words


def cardinal(digits: str, *, joint: str = " ") -> str:
    """The number that a string of digits is: "1234" is "one thousand two hundred thirty four".

    `joint` stands between the hundreds and what follows: " and " makes it British. Numbers too long to be named are
    read digit by digit.
    """
    digits = digits.lstrip("0") or "0"
    if len(digits) > LONGEST_VALUE:
        return spelled(digits)
    groups = [int(digits[max(0, end - 3) : end]) for end in range(len(digits), 0, -3)]
    words = []
    for place in range(len(groups) - 1, -1, -1):
        if groups[place]:
            group = _below_thousand(groups[place], joint)
            words.append(f"{group} {MAGNITUDES[place]}" if place else group)
    if len(groups) > 1 and 0 < groups[0] < 100 and joint != " ":
        words[-1] = joint.strip() + " " + words[-1]
    return " ".join(words) or "zero"


def ordinal(digits: str, *, joint: str = " ") -> str:
    """The ordinal of a string of digits: "23" is "twenty third"."""
    return as_ordinal(cardinal(digits, joint=joint))


def as_ordinal(words: str) -> str:
    """The ordinal of a cardinal in words: "twenty three" is "twenty third"."""
    head, _, last = words.rpartition(" ")
    if last in _ORDINALS:
        last = _ORDINALS[last]
    elif last.endswith("y"):
        last = last[:-1] + "ieth"
    else:
        last += "th"
    return f"{head} {last}" if head else last


def spelled(digits: str, *, zero: str = "zero") -> str:
    """Digits one by one: "305" is "three zero five"."""
    return " ".join(zero if digit == "0" else ONES[int(digit)] for digit in digits)


def pair(digits: str, *, zero: str = "oh") -> str:
    """Two digits as the end of a year or a time: "05" is "oh five", "00" is "hundred"."""
    if digits == "00":
        return "hundred"
    if digits[0] == "0":
        return f"{zero} {ONES[int(digits[1])]}"
    return _below_hundred(int(digits))


def paired(digits: str, *, zero: str = "oh") -> str:
    """Three to five digits as house numbers are read: "1026" is "ten twenty six", "605" is "six oh five"."""
    if len(digits) < 3 or digits[0] == "0" or digits.endswith("000"):
        return spelled(digits, zero=zero) if digits[0] == "0" and len(digits) > 1 else cardinal(digits)
    if len(digits) == 5:
        rest = spelled(digits[1:], zero=zero) if digits[1] == "0" else paired(digits[1:], zero=zero)
        return f"{ONES[int(digits[0])]} {rest}"
    if len(digits) > 5:
        return spelled(digits, zero=zero)
    return f"{_below_hundred(int(digits[:-2]))} {pair(digits[-2:], zero=zero)}"


def year(digits: str) -> str:
    """A year of three or four digits as it is read: "1905" nineteen oh five, "2007" two thousand seven."""
    value = int(digits)
    if len(digits) not in (3, 4) or value < 100 or value % 1000 < 10:
        return cardinal(digits)
    return f"{_below_hundred(value // 100)} {pair(digits[-2:])}"


def plural(words: str) -> str:
    """The plural of the last word of a number: "nineteen eighty" gives "nineteen eighties"."""
    if words.endswith("y"):
        return words[:-1] + "ies"
    return words + ("es" if words.endswith("x") else "s")


def decimal(written: str, *, joint: str = " ", zero: str = "zero") -> str:
    """A number with or without commas and a point: "1,234.50" is "... thirty four point five zero"."""
    whole, point, fraction = written.replace(",", "").partition(".")
    words = cardinal(whole, joint=joint) if whole else ""
    if point and fraction:
        words = f"{words} point {spelled(fraction, zero=zero)}".strip()
    return words


_DENOMINATORS = {"2": "half", "4": "quarter"}


def fraction(numerator: str, denominator: str) -> str:
    """A fraction: "3", "4" is "three quarters"; a large or zero denominator is said "over"."""
    numerator, denominator = numerator.lstrip("0") or "0", denominator.lstrip("0") or "0"
    if denominator in ("0", "1") or len(denominator) > 4:
        return f"{cardinal(numerator)} over {cardinal(denominator)}"
    part = _DENOMINATORS.get(denominator) or ordinal(denominator)
    if numerator != "1":
        part = "halves" if part == "half" else part + "s"
    return f"{cardinal(numerator)} {part}"


def mixed(whole: str, numerator: str, denominator: str) -> str:
    """A whole number and a fraction: "4", "1", "2" is "four and a half"."""
    part = fraction(numerator, denominator)
    if part in ("one half", "one quarter"):
        part = "a " + part.split()[1] if part == "one half" else part
    return f"{cardinal(whole)} and {part}"


_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
_ROMAN_PARTS = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
                (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip


def roman(written: str) -> int | None:
    """The value of a roman numeral as it is properly written, else None: "XIV" is 14, "IIX" is not one."""
    letters = written.lower()
    if not 0 < len(letters) <= 15 or any(letter not in _ROMAN_VALUES for letter in letters):
        return None
    total = 0
    for here, following in zip(letters, letters[1:] + " ", strict=True):
        value = _ROMAN_VALUES[here]
        total += -value if value < _ROMAN_VALUES.get(following, 0) else value
    rest, proper = total, ""
    for value, part in _ROMAN_PARTS:
        count, rest = divmod(rest, value)
        proper += part * count
    return total if proper == letters else None
