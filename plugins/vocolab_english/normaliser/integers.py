"""Numbers by themselves: cardinals, ordinals, decimals, fractions, ranges, scores, with signs and magnitudes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from vocolab_english.normaliser import numbers
from vocolab_english.normaliser.amounts import FRACTION, VULGAR, amount_words
from vocolab_english.normaliser.rule import DASH, DIGIT, INTEGER, NUMBER, Context, Said, grouped, rule, whole
from vocolab_english.normaliser.years import counts_something

_SIGNED = r"(?P<sign>[-−–+~≈±<>≤≥](?=[\d.]))?"
_SIGN_WORDS = {
    "-": "minus ", "−": "minus ", "–": "minus ", "+": "plus ", "~": "approximately ", "≈": "approximately ",
    "±": "plus or minus ", "<": "less than ", ">": "greater than ", "≤": "at most ", "≥": "at least ", None: "",
}  # fmt: skip
_STARTS = DIGIT + ".-−–+~≈±<>≤≥" + "".join(VULGAR)
_LARGE = {"k": "thousand", "bn": "billion", "mn": "million", "tn": "trillion"}


def _joined(match: re.Match[str], context: Context) -> bool:
    """Whether a letter or digit stands right before a sign, so that it is a hyphen and no sign."""
    return bool(match["sign"]) and context.text[match.start() - 1 : match.start()].isalnum()


def integer_words(written: str, context: Context) -> tuple[str, str]:
    """A cardinal as it stands alone, and what was assumed of it."""
    digits = written.replace(",", "")
    if len(digits) > 1 and digits[0] == "0":
        return numbers.spelled(digits, zero=context.zero), ""
    ungrouped = "," not in written
    if ungrouped and len(digits) > 4 and context.options.long_numbers == "digits" and not digits.endswith("000"):
        return numbers.spelled(digits, zero=context.zero), f"{written} read digit by digit"
    return numbers.cardinal(digits, joint=context.joint), ""


def _cardinal(match: re.Match[str], context: Context) -> Sequence[Said] | None:
    if _joined(match, context):
        return None
    words, assumed = integer_words(match["amount"], context)
    if assumed and counts_something(context, match.end()):
        words, assumed = numbers.cardinal(match["amount"], joint=context.joint), ""
    return whole(match, _SIGN_WORDS[match["sign"]] + words, "cardinal", assumed=assumed)


def _decimal(match: re.Match[str], context: Context) -> Sequence[Said] | None:
    if _joined(match, context):
        return None
    words = numbers.decimal(match["amount"], joint=context.joint)
    return whole(match, _SIGN_WORDS[match["sign"]] + words, "decimal")


def _magnitude(match: re.Match[str], context: Context) -> Sequence[Said] | None:
    if _joined(match, context):
        return None
    words = _SIGN_WORDS[match["sign"]] + numbers.decimal(match["amount"], joint=context.joint)
    large = match["large"].lower()
    return grouped(match, "decimal", ("amount", words), ("large", _LARGE.get(large, large)))


def _ordinal(match: re.Match[str], context: Context) -> Sequence[Said]:
    return whole(match, numbers.ordinal(match["amount"].replace(",", ""), joint=context.joint), "ordinal")


def _old_ordinal(match: re.Match[str], context: Context) -> Sequence[Said] | None:
    """The 2d of May, 42d Street, Congress, 2d session: an ordinal, where 3d printing is none."""
    if not (
        context.before(match.start()).endswith(("the", ",")) or re.match(r"\s(?:of|[A-Z])", context.after(match.end()))
    ):
        return None
    return _ordinal(match, context)


def _fraction(match: re.Match[str], context: Context) -> Sequence[Said] | None:
    if _joined(match, context):
        return None
    return whole(match, _SIGN_WORDS[match["sign"]] + amount_words(match["amount"], context), "fraction")


def _wide_fraction(match: re.Match[str], context: Context) -> Sequence[Said]:
    words = numbers.fraction(match["top"].replace(",", ""), match["bottom"].replace(",", ""))
    if match["whole"]:
        words = f"{numbers.cardinal(match['whole'])} and {words}"
    return whole(match, words, "fraction")


def _caliber(match: re.Match[str], context: Context) -> Sequence[Said]:
    """A .38 caliber revolver is a thirty eight."""
    return whole(match, numbers.cardinal(match["amount"]), "caliber")


_ENDS_AMOUNT = re.compile(r"\d(?:%|°[CF]?|st|nd|rd|th|[a-z]{1,3})$")


def _until(match: re.Match[str], context: Context) -> Sequence[Said] | None:
    """The hyphen between two amounts with units: 10%-20%, 5th-7th, 10kg-20kg."""
    if not _ENDS_AMOUNT.search(context.text[max(0, match.start() - 12) : match.start()]):
        return None
    return whole(match, "to", "range")


_GUNS = (
    "caliber|calibre|[Ss]pecial|revolvers?|pistols?|rifles?|Smith|ammunition|bullets?|cartridges?|rounds?|Colt|magnum"
)
_FIXED = {"24/7": "twenty four seven", "9/11": "nine eleven", "50/50": "fifty fifty", "20/20": "twenty twenty"}


def _fixed(match: re.Match[str], context: Context) -> Sequence[Said]:
    return whole(match, _FIXED[match.group()], "plain")


def _range(match: re.Match[str], context: Context) -> Sequence[Said]:
    """2-5 is two to five; what runs backwards is a score and said the same way."""
    first = numbers.decimal(match["first"], joint=context.joint)
    last = numbers.decimal(match["last"], joint=context.joint)
    backwards = float(match["first"].replace(",", "")) >= float(match["last"].replace(",", ""))
    assumed = f"{match.group()} read as a score" if backwards else f"{match.group()} read as a range"
    kind = "score" if backwards else "range"
    return grouped(match, kind, ("first", first), ("dash", "to"), ("last", last), assumed=assumed)


def _times(match: re.Match[str], context: Context) -> Sequence[Said]:
    return grouped(match, "cardinal", ("amount", numbers.decimal(match["amount"])), ("times", "times"))


def _numbered(match: re.Match[str], context: Context) -> Sequence[Said]:
    words, assumed = integer_words(match["amount"], context)
    return grouped(match, "cardinal", ("sign", "number"), ("amount", words), assumed=assumed)


def _very_long(match: re.Match[str], context: Context) -> Sequence[Said]:
    return whole(match, numbers.spelled(match.group().replace(",", ""), zero=context.zero), "digits")


def _at_least(match: re.Match[str], context: Context) -> Sequence[Said]:
    return grouped(match, "cardinal", ("amount", numbers.decimal(match["amount"])), ("plus", "plus"))


_WORDS = "hundred|thousand|million|billion|trillion|quadrillion"

FIRST_RULES = [
    rule(rf"\.(?P<amount>\d\d)(?=[\s-](?:{_GUNS})(?!\w))", _caliber, "."),
    rule(r"(?P<amount>\d{0,2}[23])d(?!\w)", _old_ordinal),
    rule(r"(?P<dash>[-–])(?=[\d$£€.])", _until, "-–"),
    rule(rf"(?:{'|'.join(_FIXED)})(?![\w/])", _fixed),
    rule(rf"(?P<sign>\#|№)\s?(?P<amount>{INTEGER})(?!\w)", _numbered, "#№"),
    rule(r"\d[\d,]{40,}", _very_long),
    rule(rf"(?P<amount>{INTEGER})(?:st|nd|rd|th|ST|ND|RD|TH|º|ª)(?!\w)", _ordinal),
    rule(rf"{_SIGNED}(?P<amount>{NUMBER})(?:\s|-)?(?P<large>(?i:{_WORDS}))(?!\w)", _magnitude, _STARTS),
    rule(rf"{_SIGNED}(?P<amount>{NUMBER})(?P<large>k|bn|mn|tn|(?<=\.\d)K)(?!\w)", _magnitude, _STARTS),
    rule(rf"(?P<amount>{NUMBER})\s?(?P<times>[xX])(?!\w)(?!\s?[\d+=^*/<>−-])", _times),
]
"""Tried before years and serials."""

RULES = [
    rule(rf"{_SIGNED}(?P<amount>{FRACTION})(?:st|nd|rd|ths?)?(?![\w/]|\.\d)", _fraction, _STARTS),
    rule(
        r"(?:(?P<whole>\d{1,9})\s)?(?P<top>\d{1,3}(?:,\d{3}){1,4}|\d{1,9})\s?/\s?(?P<bottom>\d{1,3}(?:,\d{3}){1,4}|\d{1,3})"
        r"(?:st|nd|rd|ths?)?(?![\w/]|\.\d)",
        _wide_fraction,
    ),
    rule(rf"(?P<first>{NUMBER})(?P<dash>{DASH}|\.\.\.?)(?P<last>{NUMBER})(?![\w/]|[-–−]\d|\s?[=+*])", _range),
    rule(rf"{_SIGNED}(?P<amount>(?:{INTEGER})?\.\d{{1,40}}(?!\d))", _decimal, _STARTS),
    rule(rf"(?P<amount>{INTEGER})(?P<plus>\+)(?![\w+]|\s?\d)", _at_least),
    rule(rf"{_SIGNED}(?P<amount>{INTEGER})", _cardinal, _STARTS),
]  # fmt: skip
