"""Numbers with units: 12 kg, 5 km/h, 20 °C, 5-10%, 4 1/2 lbs, 5'10", 7.2-mm."""

from __future__ import annotations

import re
from collections.abc import Sequence

from vocolab_english.normaliser import numbers
from vocolab_english.normaliser.amounts import AMOUNT, RANGE, VULGAR, amount_words, before_noun, is_one
from vocolab_english.normaliser.rule import DIGIT, SIGN, Context, Said, absent, grouped, rule, whole
from vocolab_english.normaliser.tables import listed
from vocolab_english.normaliser.units import UNIT, UNITS, unit_words

_STARTS = DIGIT + ".-−+–" + "".join(VULGAR)
_WITH_A_GAP = listed("ac au ea mo pg wd cd kn bar ha")
"""Units that are codes where they follow a number closely: 802.11ac."""
_LARGE = r"(?:\s(?P<large>hundred|thousand|million|billion|trillion))?"


def _minus(match: re.Match[str]) -> str:
    sign = match["sign"]
    return "" if not sign else "plus " if sign == "+" else "minus "


def _measure(match: re.Match[str], context: Context) -> Sequence[Said] | None:
    unit, last = match["unit"], match["until"] or match["amount"]
    if unit not in UNITS and unit + "." in UNITS and match["stop"]:
        unit += "."
    if not match["gap"] and (unit in _WITH_A_GAP or (unit in "hs" and "." not in last)):
        return None
    singular = match["gap"] == "-" or is_one(last) or before_noun(context, match.start(), match.end())
    if unit[0] in "°%":
        singular = is_one(last)
    words = unit_words(unit, many=not singular or bool(match["large"]))
    if words is None:
        return None
    parts = [("amount", _minus(match) + amount_words(match["amount"], context))]
    if match["until"]:
        parts.append(("dash", match["dash"].strip() if match["dash"].strip() in ("to", "or") else "to"))
        parts.append(("until", amount_words(match["until"], context)))
    kind = "percent" if unit == "%" else "measure"
    return grouped(match, kind, *parts, ("large", match["large"] or ""), ("unit", words))


def _feet_and_inches(match: re.Match[str], context: Context) -> Sequence[Said]:
    feet, inches = match["feet"], match["inches"]
    parts = [("feet", f"{numbers.cardinal(feet)} {'foot' if feet == '1' else 'feet'}")]
    parts.append(("inches", f"{amount_words(inches, context)} {'inch' if inches == '1' else 'inches'}"))
    return grouped(match, "measure", *parts)


def _feet(match: re.Match[str], context: Context) -> Sequence[Said] | None:
    if context.text.count("'", max(0, match.start() - 200), match.start()) % 2:
        return None
    one = is_one(match["amount"]) or before_noun(context, match.start(), match.end())
    return whole(match, f"{amount_words(match['amount'], context)} {'foot' if one else 'feet'}", "measure")


def _inches(match: re.Match[str], context: Context) -> Sequence[Said] | None:
    """5" is five inches, unless the sign closes a quotation."""
    if context.text.count('"', max(0, match.start() - 200), match.start()) % 2:
        return None
    one = is_one(match["amount"]) or before_noun(context, match.start(), match.end())
    return whole(match, f"{amount_words(match['amount'], context)} {'inch' if one else 'inches'}", "measure")


def _coordinates(match: re.Match[str], context: Context) -> Sequence[Said]:
    parts = [("degrees", f"{numbers.decimal(match['degrees'])} degree{'' if match['degrees'] == '1' else 's'}")]
    for group, unit in (("minutes", "minute"), ("seconds", "second")):
        if match[group]:
            parts.append((group, f"{numbers.decimal(match[group])} {unit}{'' if match[group] == '1' else 's'}"))
    if match["side"]:
        parts.append(("side", {"N": "north", "S": "south", "E": "east", "W": "west"}[match["side"]]))
    return grouped(match, "measure", *parts)


def _radio(match: re.Match[str], context: Context) -> Sequence[Said]:
    return [
        Said(numbers.decimal(match["amount"]), *match.span("amount"), "measure"),
        Said(match["band"], *match.span("band"), "measure", letter=True),
    ]


def _unit_alone(match: re.Match[str], context: Context) -> Sequence[Said] | None:
    """A unit below a stroke without a number: per kilometer."""
    stands_free = context.text[match.start() - 1 : match.start()] == " " or context.previous(match.start()) in UNITS
    if match["unit"] not in UNITS or not stands_free:
        return None
    return whole(match, f"per {unit_words(match['unit'], many=False)}", "measure")


def _feet_first(match: re.Match[str], context: Context) -> Sequence[Said]:
    """5'6 without the sign for inches."""
    return grouped(match, "measure", ("feet", f"{numbers.cardinal(match['feet'])} feet"),
                   ("inches", numbers.cardinal(match["inches"])))  # fmt: skip


RULES = [
    rule(r"(?P<feet>[3-7])'(?P<inches>1[01]|\d)(?![\w'\"]|\s?[½¼¾])", _feet_first),
    rule(r"(?P<feet>\d{1,3})'\s?-?(?P<inches>\d{1,2}(?:\s?[½¼¾]|\s\d/\d{1,2})?)(?:\"|'')(?!\w)", _feet_and_inches),
    rule(
        r"(?P<degrees>\d{1,3}(?:\.\d{1,10})?)°\s?(?:(?P<minutes>\d{1,2}(?:\.\d{1,6})?)'\s?)?"
        r"(?:(?P<seconds>\d{1,2}(?:\.\d{1,6})?)(?:\"|'')\s?)?(?P<side>[NSEW])(?!\w)",
        _coordinates,
    ),
    rule(
        r"(?P<degrees>\d{1,3})°\s?(?P<minutes>\d{1,2})'\s?(?:(?P<seconds>\d{1,2}(?:\.\d{1,6})?)(?:\"|'')\s?)?"
        + absent("side"),
        _coordinates,
    ),
    rule(r"(?P<amount>\d{2,4}(?:\.\d)?)\s?(?P<band>AM|FM)(?!\w)", _radio),
    rule(rf"(?P<sign>{SIGN})?{RANGE}{_LARGE}(?P<gap>\s|-)?{UNIT}", _measure, _STARTS),
    rule(rf"(?P<amount>{AMOUNT})\"(?!\w)", _inches, _STARTS),
    rule(r"(?P<amount>\d{1,3}(?:\s?[½¼¾])?)'(?![\w\"])", _feet),
    rule(rf"/\s?{UNIT}", _unit_alone, "/"),
]
