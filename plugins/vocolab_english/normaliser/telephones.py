"""Numbers that are said digit by digit in groups: telephones, social security, cards, IP addresses, versions, ISBN."""

from __future__ import annotations

import re
from collections.abc import Sequence

from vocolab_english.normaliser import numbers
from vocolab_english.normaliser.rule import DIGIT, JOINED, Context, Said, absent, rule, whole
from vocolab_english.normaliser.tables import listed
from vocolab_english.normaliser.years import counts_something

_GROUPS = re.compile(r"\d+|[A-Za-z]+|[.+]")
_EXTENSION = r"(?:,?\s?(?P<ext>(?:ext|extension|Ext|EXT|x)\.?)\s?(?P<extension>\d{1,6}))?"


def _groups(written: str, context: Context) -> str:
    """Groups of digits one by one, 800 as a number, letters as words."""
    words = []
    for group in _GROUPS.findall(written):
        if group == "+":
            words.append("plus")
        elif group.isalpha():
            words.append(group)
        elif group in ("800", "900"):
            words.append(numbers.cardinal(group))
        elif group != ".":
            words.append(numbers.spelled(group, zero=context.zero))
    return " ".join(words)


def _telephone(match: re.Match[str], context: Context) -> Sequence[Said]:
    said = [Said(_groups(match["number"], context), *match.span("number"), "telephone")]
    if match["extension"]:
        said.append(Said("extension", *match.span("ext"), "telephone"))
        said.append(Said(numbers.spelled(match["extension"], zero=context.zero), *match.span("extension"), "telephone"))
    return said


def _digits(match: re.Match[str], context: Context) -> Sequence[Said]:
    return whole(match, _groups(match.group(), context), "telephone")


def _address(match: re.Match[str], context: Context) -> Sequence[Said]:
    parts = [numbers.spelled(part, zero=context.zero) for part in match.group().split(".")]
    return whole(match, " dot ".join(parts), "address")


def _version(match: re.Match[str], context: Context) -> Sequence[Said]:
    parts = [numbers.cardinal(part) if part[0] != "0" or part == "0" else numbers.spelled(part) for part in
             match["parts"].split(".")]  # fmt: skip
    said = [Said("version", *match.span("v"), "version")] if match["v"] else []
    return [*said, Said(" point ".join(parts), *match.span("parts"), "version")]


def _emergency(match: re.Match[str], context: Context) -> Sequence[Said] | None:
    calling = context.before(match.start()) in listed("call called calling dial dialed dialing phone phoned")
    if not calling and (match.group() != "911" or counts_something(context, match.end())):
        return None
    return whole(match, numbers.spelled(match.group()), "telephone")


_CUES = "account|acct|a/c|card|pin|code|zip|serial|ssn|passport|license|licence|id|routing|tracking|confirmation|ending"


def _after_cue(match: re.Match[str], context: Context) -> Sequence[Said]:
    """The digits after "account number" and the like."""
    return whole(match, _groups(match.group(), context), "digits")


_CUE = re.compile(rf"\b(?:{_CUES})\b(?:\s(?:number|no\.|is|in|code|num|\#|:))*:?\s*$", re.IGNORECASE)


def _digits_after_cue(match: re.Match[str], context: Context) -> Sequence[Said] | None:
    if not _CUE.search(context.text[max(0, match.start() - 32) : match.start()]):
        return None
    return _after_cue(match, context)


_AREA = r"(?:\(\d{3}\)[\s-]?|\d{3}[-.\s])"
_LOCAL = r"\d{3}[-.\s]\d{4}"

RULES = [
    rule(
        rf"(?P<number>(?:\+?\d{{1,3}}[-.\s])?{_AREA}{_LOCAL}(?:-\d{{1,4}}(?=\D|$))?)(?![\w-])(?!\.\d){_EXTENSION}",
        _telephone, DIGIT + "+(",
    ),
    rule(
        r"(?P<number>\+(?=(?:[\s.()-]{0,2}\d){8,15}(?!\d))\d{1,3}(?:[\s.-]?\(?\d{1,5}\)?){2,6})(?![\w-]|\.\d)"
        + _EXTENSION,
        _telephone,
        "+",
    ),
    rule(r"(?P<number>1-(?:8\d\d|900)-(?:[A-Z\d]{1,7}-?){1,4})(?!\w)" + _EXTENSION, _telephone),
    rule(r"(?P<number>(?:8[0-9]{2})-(?:[A-Z\d]{1,7}-?){1,4})(?<=[A-Z])(?!\w)" + _EXTENSION, _telephone),
    rule(r"(?P<number>\d{3}-\d{4})(?![\w-])(?!\.\d)" + _EXTENSION, _telephone),
    rule(r"\d{3}-\d{2}-\d{4}(?![\w-])", _digits),
    rule(r"\d{4}(?:[\s-]\d{4}){2,4}(?![\w-])", _digits),
    rule(r"97[89]-\d{1,5}-\d{1,7}-\d{1,7}-[\dX](?!\w)", _digits),
    rule(r"\d{1,3}(?:\.\d{1,3}){3}(?![\w]|\.\d)", _address),
    rule(r"(?P<v>[vV]\.?)(?P<parts>\d{1,5}(?:\.\d{1,5}){1,4})(?!\w)", _version, JOINED),
    rule(rf"{absent('v')}(?P<parts>\d{{1,4}}(?:\.\d{{1,4}}){{2,4}})(?![\w]|\.\d)", _version),
    rule(r"(?:911|411|311|999|112)(?!\w|[-.,/:%]\d|[%°$€£])", _emergency),
    rule(r"\d{3,16}(?:[\s-]\d{2,6}){0,4}(?![\w]|[-.,]\d)", _digits_after_cue),
]  # fmt: skip
