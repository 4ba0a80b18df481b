"""Roman numerals: Henry VIII, Chapter IV, World War II, Act III. Scene ii; never the word I."""

from __future__ import annotations

import re
from collections.abc import Sequence

from vocolab_english.normaliser import numbers
from vocolab_english.normaliser.rule import LETTER, Context, Said, rule, whole
from vocolab_english.normaliser.tables import listed, words

_KEYS = listed(
    "chapter chapters part parts book books volume volumes vol vol. act scene section sections article articles "
    "title appendix figure fig fig. table plate page pages p p. pp. canto war type phase class stage level "
    "division group unit grade category schedule annex exhibit lesson verse psalm amendment mark mk apollo bowl "
    "olympiad game model series episode ch ch. no. number paragraph rule note form vatican corps factor point "
    "sonnet symphony opus op. land rocky trimester quarter zone region tier lot saturn titan windows scenes acts "
    "wars pt pt. sec. sec art."
)
_KEYS_OF_LETTERS = listed("page pages p. pp. chapter chapters ch. scene act canto part section book")
"""What a numeral of one small letter may follow: page x, but not number x."""
_NOT_ROMAN = listed("XL XX XXX MIX DI MI LI CV DC MD CD DL CC MM MC DM")
_TITLES = listed("king queen pope emperor tsar czar kaiser prince saint st.")
_FOLLOWS_NAME = re.compile(
    r"['’]s|[,.;:)?!]|\s(?:of|was|is|and|had|who|in|to|reigned|became|died|the|on|at|by|for|or)\b|$"
)


def _after_name(context: Context, match: re.Match[str]) -> str:
    """The word before, where it is a name in capitals that a monarch, a pope or a son may have."""
    previous = context.previous(match.start())
    return previous if previous.istitle() or (previous.isupper() and len(previous) > 3) else ""


def _roman(match: re.Match[str], context: Context) -> Sequence[Said] | None:
    written = match["roman"]
    value = numbers.roman(written)
    if value is None:
        return None
    previous = context.before(match.start())
    if match["ending"]:
        return whole(match, numbers.ordinal(str(value)), "roman") if len(written) > 1 and written.isupper() else None
    if len(written) == 1 and written.islower() and previous not in _KEYS_OF_LETTERS:
        return None
    if previous.rstrip(",") in _KEYS or _continues(context, match):
        return whole(match, numbers.cardinal(str(value)), "roman")
    if written.islower():
        return None
    return _by_name(match, context, value)


def _by_name(match: re.Match[str], context: Context, value: int) -> Sequence[Said] | None:
    written, name = match["roman"], _after_name(context, match)
    known = name.lower() in words("regnal_names")
    if known and value < 40 and (len(written) > 1 or _FOLLOWS_NAME.match(context.text, match.end("roman"))):
        possessive = "'s" if match["own"] else ""
        return whole(match, f"the {numbers.ordinal(str(value))}{possessive}", "roman")
    if value >= 1000 and len(written) > 3 and value < 2100:
        return whole(match, numbers.year(str(value)), "roman")
    if known or (_is_full_name(context, match) and value < 6):
        return whole(match, f"the {numbers.ordinal(str(value))}", "roman") if len(written) > 1 else None
    if len(written) < 2 or value >= 50 or written in _NOT_ROMAN or match["own"]:
        return None
    if context.shouted:
        return None
    return whole(match, numbers.cardinal(str(value)), "roman", assumed=f"{written} read as a roman numeral")


def _is_full_name(context: Context, match: re.Match[str]) -> bool:
    """Whether a first name and a surname stand before: Robert Hill III."""
    before = context.text[max(0, match.start() - 40) : match.start()].split()
    return len(before) > 1 and before[-1].istitle() and before[-2].lower() in words("regnal_names")


_CHAIN = re.compile(r"\b(?:[IVXLC]{1,7}|[ivxlc]{1,7})(?:,|\sand|\sor|\sto|\s?[-–])\s?$")


def _continues(context: Context, match: re.Match[str]) -> bool:
    """Whether another numeral after a key stands before: Chapters IV and V."""
    before = context.text[max(0, match.start() - 32) : match.start()]
    chain = _CHAIN.search(before)
    if not chain:
        return False
    return before[: chain.start()].rstrip(" ").rpartition(" ")[2].lower().strip("(") in _KEYS


def may_precede(word: str) -> bool:
    """Whether "I" after this word may be a numeral."""
    lower = word.lower()
    return lower in _KEYS or lower in words("regnal_names") or lower in LOWER_NUMERALS


RULES = [
    rule(
        r"(?P<roman>[IVXLCDM]{1,12}|[ivxlc]{1,8})(?P<ending>(?:th|st|nd|rd)(?!\w))?(?P<own>'s)?(?![\w'])",
        _roman, LETTER,
    ),
]  # fmt: skip


LOWER_NUMERALS = listed("i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx xxi xxx xl l c")
