"""Mathematical and chemical writing: 2 + 2 = 4, 1-2=5, x², 10⁻³, √2, 2x4, x^n, H₂O."""

from __future__ import annotations

import re
from collections.abc import Sequence

from vocolab_english.normaliser import numbers
from vocolab_english.normaliser.rule import JOINED, NUMBER, Context, Said, grouped, rule, whole

_RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿⁱ", "0123456789+-ni", strict=True))
_LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True))
_OPERATORS = {
    "+": "plus", "=": "equals", "×": "times", "÷": "divided by", "*": "times", "<": "less than", ">": "greater than",
    "≤": "less than or equal to", "≥": "greater than or equal to", "≠": "not equal to", "≈": "approximately equal to",
    "≡": "identical to", "∓": "minus or plus", "·": "times", "∝": "proportional to", "<=": "less than or equal to",
    ">=": "greater than or equal to", "!=": "not equal to", "==": "equals", "±": "plus or minus", "−": "minus",
    "∈": "in", "∉": "not in", "⊂": "a subset of", "∪": "union", "∩": "intersection", "⇒": "implies", "∧": "and",
    "∨": "or",    "**": "to the power of", "/": "divided by",
}  # fmt: skip


def power_words(exponent: str) -> str:
    """An exponent: "2" is "squared", "-3" "to the power of minus three", "n" "to the power of n"."""
    if exponent in ("2", "3"):
        return "squared" if exponent == "2" else "cubed"
    sign = "minus " if exponent[0] in "-−" else ""
    bare = exponent.lstrip("+-−")
    words = numbers.decimal(bare) if bare[:1].isdecimal() or bare[:1] == "." else bare
    return f"to the power of {sign}{words}"


def _raised(match: re.Match[str], context: Context) -> Sequence[Said] | None:
    exponent = "".join(_RAISED[sign] for sign in match.group())
    if not context.text[match.start() - 1 : match.start()].strip():
        words = " ".join(numbers.ONES[int(sign)] for sign in exponent if sign.isdecimal())
        return whole(match, words, "maths") if words else None
    return whole(match, power_words(exponent), "maths") if exponent.strip("+-") else None


def _caret(match: re.Match[str], context: Context) -> Sequence[Said] | None:
    if not context.text[match.start() - 1 : match.start()].strip():
        return None
    return whole(match, power_words(match["exponent"].strip("{}()")), "maths")


def _lowered(match: re.Match[str], context: Context) -> Sequence[Said]:
    return whole(match, numbers.cardinal("".join(_LOWERED[sign] for sign in match.group())), "maths")


def _operand_before(context: Context, at: int, *, word: bool) -> bool:
    """Whether a number, a letter, a bracket or a unit stands before an operator; a word too, if `word` says so."""
    before = context.text[max(0, at - 24) : at].rstrip(" ")
    if not before or not (before[-1] in ")]}%°!²³" or before[-1].isalnum()):
        return False
    return word or not before[-1].isalpha() or not before[-2:-1].isalpha()


def _operator(match: re.Match[str], context: Context) -> Sequence[Said] | None:
    sign = match["sign"]
    if not _operand_before(context, match.start(), word=sign in "=+×≈≠≤≥"):
        return None
    if sign in "<>" and not _stands_free(context, match):
        return None
    return [Said(_OPERATORS[sign], *match.span("sign"), "maths")]


def _stands_free(context: Context, match: re.Match[str]) -> bool:
    """Whether spaces or digits stand on both sides: a < b, 3>2, not <b>."""
    sides = (context.text[match.start("sign") - 1], context.after(match.end("sign"), 1))
    return all(side == " " or side.isdecimal() for side in sides)


def _in_equation(context: Context, start: int, end: int) -> bool:
    return "=" in context.text[max(0, start - 24) : end + 24]


def _minus(match: re.Match[str], context: Context) -> Sequence[Said] | None:
    """A hyphen is a minus in an equation, and between a letter and a number with spaces around it."""
    if not _operand_before(context, match.start(), word=False):
        return None
    lone = re.search(r"(?:^|[\s(])[a-z\d]\s$", context.text[max(0, match.start() - 3) : match.start()])
    if not _in_equation(context, match.start(), match.end()) and not (lone and match["spaced"] is not None):
        return None
    return [Said("minus", *match.span("sign"), "maths")]


def _by(match: re.Match[str], context: Context) -> Sequence[Said]:
    """2x4 and 8 x 10 are said "by"; in an equation they are products."""
    product = _in_equation(context, match.start(), match.end())
    word = "times" if product else "by"
    parts = [("first", numbers.decimal(match["first"])), ("sign", word), ("second", numbers.decimal(match["second"]))]
    if match["third"]:
        parts += [("sign2", word), ("third", numbers.decimal(match["third"]))]
    return grouped(match, "maths", *parts)


def _times_power(match: re.Match[str], context: Context) -> Sequence[Said]:
    """Scientific notation: 6.02e23 and 6.02 × 10²³."""
    exponent = match["exponent"]
    sign = "minus " if exponent[0] in "-−" else ""
    words = (
        f"{numbers.decimal(match['first'])} times ten to the power of {sign}{numbers.cardinal(exponent.lstrip('+-−'))}"
    )
    return whole(match, words, "maths")


def _root(match: re.Match[str], context: Context) -> Sequence[Said]:
    return whole(match, {"√": "square root of", "∛": "cube root of", "∜": "fourth root of"}[match.group()], "maths")


_FORMULA_PART = re.compile(r"([A-Za-z]+)(\d{1,3}|[₀-₉]{1,3})?")


def _formula(match: re.Match[str], context: Context) -> Sequence[Said]:
    """H₂O and CO₂: letters and numbers."""
    said = []
    for part in _FORMULA_PART.finditer(match.group()):
        at = match.start()
        said.append(Said(part[1], at + part.start(1), at + part.end(1), "formula", letter=True))
        if part[2]:
            digits = "".join(_LOWERED.get(sign, sign) for sign in part[2])
            said.append(Said(numbers.cardinal(digits), at + part.start(2), at + part.end(2), "formula"))
    return said


_SIGNS = "".join(sorted({key[0] for key in _OPERATORS}))
_POWER = r"[-−]?(?:[a-z]|\d{1,8})"
_NEXT = r"(?=\s?[\w(\[\-−.√π∞$+±])"

RULES = [
    rule(r"(?=[A-Za-z]{0,8}[₀-₉])(?:[A-Z][a-z]?[₀-₉]{0,3}){1,8}(?![\w])", _formula, JOINED),
    rule(r"(?:H2O2|H2O|H2SO4|CO2|O2|N2O|NO2|SO2|CH4|NH3|C6H12O6|NaHCO3|CaCO3|H2|N2|O3)(?!\w)", _formula, JOINED),
    rule(r"(?P<first>\d{1,9}(?:\.\d{1,20})?)[eE](?P<exponent>[-+−]?\d{1,4})(?!\w)", _times_power),
    rule(
        rf"(?P<first>{NUMBER})\s?(?P<sign>[xX×])\s?(?P<second>{NUMBER})(?:\s?(?P<sign2>[xX×])\s?(?P<third>{NUMBER}))?"
        r"(?![\w⁻⁰¹²³⁴-⁹^])",
        _by,
    ),
    rule(rf"(?P<sign>\*\*|[<>!=]=|[=+×÷*<>≤≥≠≈≡∓·∝±∈∉⊂∪∩⇒∧∨−]){_NEXT}", _operator, _SIGNS),
    rule(rf"(?P<sign>/)(?=\s\d)(?<=\s/){_NEXT}", _operator, "/"),
    rule(rf"(?P<sign>[-–]){_NEXT}(?P<spaced>(?=\s(?:\d|[a-z](?!\w))))?", _minus, "-–"),
    rule(r"[⁺⁻]?(?:[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,8}|[ⁿⁱ])", _raised, "".join(_RAISED)),
    rule(rf"\^(?P<exponent>\{{{_POWER}\}}|\({_POWER}\)|[-−]?(?:\d{{1,8}}(?:\.\d{{1,4}})?|[a-z](?!\w)))", _caret, "^"),
    rule(r"[₀-₉]{1,8}", _lowered, "".join(_LOWERED)),
    rule(r"[√∛∜]", _root, "√∛∜"),
]  # fmt: skip
