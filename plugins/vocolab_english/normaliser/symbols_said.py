"""Signs by name: & @ % °, arrows, Greek letters, emoji with their joined forms and flags, and emoticons."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from vocolab_english.normaliser.rule import LETTER, PICTURE, Context, Said, rule, whole
from vocolab_english.normaliser.tables import table

SYMBOLS = {row[0]: row[1] for row in table("symbols")}
_SILENT_ALONE = frozenset("<>^|~\\*=+")
"""Signs that are said only if letters, digits or spaces stand on both sides: not in a row of them."""
EMOTICONS = {row[0]: row[1] for row in table("emoticons")}
_SHORT_NAMES = {row[0]: row[1] for row in table("emoji_names")}
_EMOJI = (
    "\u231a-\u23ff\u25aa-\u25fe\u2600-\u27bf\u2934-\u2935\u2b05-\u2b55\u3030\u303d\u3297\u3299"
    "\U0001f000-\U0001f1e5\U0001f200-\U0001faff"
)
_JOINED = f"[{_EMOJI}][\U0001f3fb-\U0001f3ff]?(?:\u200d[{_EMOJI}][\U0001f3fb-\U0001f3ff]?){{0,8}}"


@lru_cache(maxsize=2048)
def emoji_name(sign: str) -> str:
    """The name of one emoji in words; empty for a skin tone and what has no name."""
    name = unicodedata.name(sign, "").lower()
    if not name or name.startswith("emoji modifier") or name.startswith("variation selector"):
        return ""
    name = re.sub(r"\b(?:symbol|sign)$", "", name).strip() if name not in _SHORT_NAMES else _SHORT_NAMES[name]
    return SYMBOLS.get(sign) or name.replace("-", " ")


def _emoji(match: re.Match[str], context: Context) -> Sequence[Said]:
    names = [emoji_name(sign) for sign in match["one"].replace("\u200d", "")]
    count = len(match.group()) // len(match["one"])
    assumed = f"{match['one']}, {count} times, said once" if count > 1 else ""
    words = " ".join(name for name in names if name)
    return whole(match, words, "emoji", assumed=assumed if words else "")


def _flag(match: re.Match[str], context: Context) -> Sequence[Said]:
    letters = "".join(chr(ord(sign) - 0x1F1E6 + ord("A")) for sign in match.group())
    return [Said("flag", *match.span(), "emoji"), Said(letters, *match.span(), "emoji", letter=True)]


def _emoticon(match: re.Match[str], context: Context) -> Sequence[Said] | None:
    if not context.starts_sentence(match.start()) and context.text[match.start() - 1 : match.start()] not in (
        " ",
        ".",
        "!",
        "",
    ):
        return None
    if match.group() == "<3" and re.match(
        r"[a-z%°$]|\s(?:[kmcg]?[mgl]|hours|days|years|percent)\b", context.after(match.end())
    ):
        return None
    return whole(match, EMOTICONS[match.group()], "emoticon")


def _symbol(match: re.Match[str], context: Context) -> Sequence[Said] | None:
    sign, before = match.group(), context.text[match.start() - 1 : match.start()] if match.start() else " "
    after = context.after(match.end(), 1) or " "
    if sign in _SILENT_ALONE and not all(side.isspace() or side.isalnum() for side in (before, after)):
        return None
    if sign in "<>" and not (before.isspace() and after.isspace()):
        return None
    if sign == "*" and not (before.isalnum() or after.isalnum() or context.text.strip() == "*"):
        return None
    return whole(match, SYMBOLS[sign.lower()], "symbol")


def _underscore(match: re.Match[str], context: Context) -> Sequence[Said] | None:
    sides = context.text[match.start() - 1 : match.start()] + context.after(match.end(), 1)
    return whole(match, "underscore", "symbol") if len(sides) == 2 and sides.replace(" ", "").isalnum() else None


def _stroke(match: re.Match[str], context: Context) -> Sequence[Said] | None:
    """A stroke is said between spaces and next to a digit, and not in and/or."""
    before, after = context.text[match.start() - 1 : match.start()], context.after(match.end(), 1)
    if before.isspace() == after.isspace() and (before.isspace() or before.isdecimal() or after.isdecimal()):
        return whole(match, "slash", "symbol")
    return None


_GREEK = "".join(sign for sign in SYMBOLS if "α" <= sign <= "ω")

_EMOTICON = "|".join(re.escape(sign) for sign in sorted(EMOTICONS, key=len, reverse=True))
_NAMED = "".join(sign for sign in SYMBOLS if not "α" <= sign <= "ω")

EMOTICON_RULES = [
    rule(
        rf"(?:{_EMOTICON})(?![\w/])",
        _emoticon,
        "".join({sign[0] for sign in EMOTICONS if not sign[0].isalpha()}) + "Bx",
    ),
]
"""Tried before signs and numbers."""

RULES = [
    rule(rf"(?P<one>{_JOINED})(?:(?P=one)){{0,64}}", _emoji, PICTURE),
    rule("[\U0001f1e6-\U0001f1ff]{2}", _flag, PICTURE),
    rule(rf"[{_GREEK}{_GREEK.upper()}](?![Α-ω])", _symbol, LETTER),
    rule(rf"[{re.escape(_NAMED)}]", _symbol, _NAMED),
    rule("_", _underscore, "_"),
    rule("/", _stroke, "/"),
]
