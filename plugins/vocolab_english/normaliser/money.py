"""Money: $12.50, £3 10s. 6d., US$76.3 trillion, 500 EUR, ¥30B, 50¢, $20/mo, $5-10."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from vocolab_english.normaliser import numbers
from vocolab_english.normaliser.amounts import AMOUNT, VULGAR, amount_words, before_noun, is_one
from vocolab_english.normaliser.rule import DASH, DIGIT, SIGN, Context, Said, absent, grouped, rule, whole
from vocolab_english.normaliser.tables import table
from vocolab_english.normaliser.units import PER, per_words

_LARGE = {"k": "thousand", "m": "million", "mm": "million", "mn": "million", "mln": "million", "mil": "million",
          "b": "billion", "bn": "billion", "bln": "billion", "bil": "billion", "t": "trillion", "tn": "trillion",
          "trn": "trillion"}  # fmt: skip
LARGE = (
    r"(?:\s?-?(?P<large>(?i:hundred\sthousand|hundred|thousand|million|billion|trillion|quadrillion|mln|bln|trn|bil|"
    r"mil|mm|mn|bn|tn|[kmbt]))(?!\w|\.\w))"
)


@dataclass(frozen=True)
class Currency:
    """What one and many of a currency are called, and its hundredths where it has them."""

    one: str
    many: str
    hundredth: str = ""
    hundredths: str = ""


CURRENCIES = {row[0]: Currency(*row[1:]) for row in table("currencies")}
_alternatives = sorted((re.escape(name) for name in CURRENCIES), key=len, reverse=True)
_CODE = "|".join(name for name in _alternatives if len(name) == 3 and name.isascii() and name.isalpha())
_SYMBOL = "|".join(name for name in _alternatives if name not in _CODE.split("|") and not name.startswith("Rs"))
_LARGE_FIRST = LARGE.replace("large", "large1")
_SYMBOL = _SYMBOL.replace("US", r"US\s?")
_STARTS = "".join(sorted({name[0] for name in CURRENCIES}))


def money_words(currency: Currency, amount: str, large: str, context: Context, *, singular: bool = False) -> str:
    """An amount of a currency: "12.50" dollars is "twelve dollars fifty cents"."""
    many = currency.one if singular else currency.many
    if large:
        return f"{amount_words(amount, context)} {_LARGE.get(large.lower(), large.lower())} {many}"
    if "/" in amount or amount[-1] in VULGAR:
        return f"{amount_words(amount, context)} {currency.one if is_one(amount) or singular else many}"
    units, _, part = amount.replace(",", "").partition(".")
    if part and (len(part.rstrip("0")) > 2 or not currency.hundredth):
        return f"{numbers.decimal(amount.rstrip('0'), joint=context.joint)} {many}"
    words = []
    hundredths = (part + "0")[:2] if part else "00"
    if units.strip("0") or hundredths == "00":
        words.append(f"{numbers.cardinal(units, joint=context.joint)} {currency.one if units == '1' else many}")
    if hundredths != "00":
        one = hundredths == "01" or singular
        words.append(f"{numbers.cardinal(hundredths)} {currency.hundredth if one else currency.hundredths}")
    return " ".join(words)


def _minus(match: re.Match[str]) -> str:
    return "minus " if match["sign"] else ""


def _after_symbol(match: re.Match[str], context: Context) -> Sequence[Said]:
    currency = CURRENCIES[match["symbol"].replace(" ", "")]
    singular = before_noun(context, match.start(), match.end())
    per = f" {per_words(match['per'])}" if match["per"] else ""
    large = match["large"] or ""
    if not match["until"]:
        words = money_words(currency, match["amount"], large, context, singular=singular)
        return whole(match, f"{_minus(match)}{words}{per}", "money")
    first = match["amount"]
    if match["symbol2"]:
        begin = money_words(currency, first, match["large1"] or "", context)
    else:
        begin = f"{amount_words(first, context)} {_LARGE.get((match['large1'] or '').lower(), match['large1'] or '')}"
    last = money_words(currency, match["until"], large, context, singular=singular)
    return [
        Said(_minus(match) + begin.strip(), match.start(), match.end("amount"), "money"),
        Said("to", *match.span("dash"), "money"),
        Said(last + per, match.start("until"), match.end(), "money"),
    ]


def _before_symbol(match: re.Match[str], context: Context) -> Sequence[Said]:
    currency = CURRENCIES[match["symbol"]]
    words = money_words(currency, match["amount"], match["large"] or "", context)
    if match["until"]:
        last = money_words(currency, match["until"], match["large"] or "", context)
        words = f"{amount_words(match['amount'], context)} to {last}"
    return whole(match, _minus(match) + words, "money")


def _hundredths(match: re.Match[str], context: Context) -> Sequence[Said]:
    amount = match["amount"]
    single = is_one(amount) or before_noun(context, match.start(), match.end())
    return whole(match, f"{amount_words(amount, context)} {'cent' if single else 'cents'}", "money")


def _pence(match: re.Match[str], context: Context) -> Sequence[Said]:
    word = "penny" if match["amount"] == "1" else "pence"
    return whole(match, f"{amount_words(match['amount'], context)} {word}", "money")


def _old_pounds(match: re.Match[str], context: Context) -> Sequence[Said]:
    """Pounds, shillings and pence: £3 10s. 6d."""
    parts = []
    for group, one, many in (("pounds", "pound", "pounds"), ("shillings", "shilling", "shillings")):
        if match[group]:
            digits = match[group].replace(",", "")
            parts.append((group, f"{numbers.cardinal(digits, joint=context.joint)} {one if digits == '1' else many}"))
    pence = match["pence"]
    if pence:
        parts.append(("pence", f"{amount_words(pence, context)} {'penny' if pence == '1' else 'pence'}"))
    return grouped(match, "money", *parts)


def _shillings(match: re.Match[str], context: Context) -> Sequence[Said] | None:
    """10s. is ten shillings, unless it is the end of somebody's thirties."""
    digits = match["shillings"]
    if digits.endswith("0") and not re.match(r"[,;]?\s[a-z(]", context.after(match.end())):
        return None
    return whole(match, f"{numbers.cardinal(digits)} shilling{'' if digits == '1' else 's'}", "money")


_PENCE = rf"(?P<pence>{AMOUNT})\s?d(?!\w)\.?"
_PLAIN = r"\d{1,3}(?:,\d{3})+|\d{1,9}"

RULES = [
    rule(
        rf"£\s?(?P<pounds>{_PLAIN})[,.]?\s(?P<shillings>\d{{1,2}})s(?!\w)\.?(?:,?\s?{_PENCE})?",
        _old_pounds, "£",
    ),
    rule(rf"{absent('pounds')}(?P<shillings>\d{{1,2}})s\.?,?\s{_PENCE}", _old_pounds),
    rule(
        rf"\(?(?P<sign>{SIGN}(?=\D))?(?P<symbol>{_SYMBOL})\s?(?P<sign2>[-−])?(?P<amount>{AMOUNT})"
        rf"(?:{_LARGE_FIRST}?(?P<dash>{DASH}|\sto\s)(?P<symbol2>{_SYMBOL})?(?P<until>{AMOUNT})(?!\d))?"
        rf"{LARGE}?(?![\w]|\.\d){PER}?",
        _after_symbol, _STARTS + "-−–",
    ),
    rule(
        rf"{absent('sign')}(?P<symbol>{_CODE}|Rs\.?)\s?(?P<amount>{AMOUNT}){absent('large1')}"
        rf"(?:(?P<dash>{DASH}){absent('symbol2')}(?P<until>{AMOUNT}))?{LARGE}?(?![\w]|\.\d){PER}?",
        _after_symbol, _STARTS,
    ),
    rule(
        rf"(?P<sign>{SIGN})?(?P<amount>{AMOUNT})(?:{DASH}(?P<until>{AMOUNT}))?{LARGE}?\s?(?P<symbol>{_SYMBOL}|{_CODE})"
        r"(?![\w$£€])(?!\s?\d)",
        _before_symbol, DIGIT + ".-−",
    ),
    rule(rf"(?P<amount>{AMOUNT})\s?¢", _hundredths, DIGIT + "."),
    rule(r"(?P<amount>\d{1,2})p(?=[\s,;]|\.(?!\w)|$)(?!\s?\.\s?\d)", _pence),
    rule(r"(?P<shillings>\d{1,2})s\.(?!\w)", _shillings),
    rule(r"(?P<amount>\d{1,2}[½¼¾]?)d\.(?!\w)", _pence),
]  # fmt: skip
