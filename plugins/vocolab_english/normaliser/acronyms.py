"""Capitals: which are spelled letter by letter (FBI, CDs, PhD) and which are said as a word (NASA)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from vocolab_english.normaliser.rule import LETTER, Context, Said, absent, rule, whole
from vocolab_english.normaliser.tables import listed, words

_VOWELS = frozenset("AEIOUY")
_MIXED = listed(
    "PhD PhDs MSc BSc MPhil DPhil EdD LLb LLB mRNA tRNA cDNA dB pH IoT QoS VoIP DoD DoJ DoE ToS iOS kWh eBPF HTTPs CoE"
)


def are_letters(written: str, *, shouted: bool, code: bool = False) -> bool:
    """Whether the letters of a word in capitals are named one by one.

    `shouted` says that the words around it are in capitals too; `code` that it stands in a code such as B2A.
    """
    if len(written) == 1:
        return code or written not in "AI"
    if written in _MIXED:
        return True
    if not written.isupper():
        return code and len(written) <= 3 and not _VOWELS & set(written.upper())
    if written in words("acronyms_said") or written in words("capital_words"):
        return False
    if not _VOWELS & set(written):
        return True
    return (not shouted and len(written) <= 4) or written in words("acronyms_spelled")


def _capitals(match: re.Match[str], context: Context) -> Sequence[Said] | None:
    base, ending = match["base"], match["ending"] or ""
    shouted = context.shouted or _is_shouted(context, match)
    letters = are_letters(base, shouted=shouted)
    if not letters:
        return whole(match, match.group(), "plain")
    return whole(match, base + ("'s" if ending else ""), "letters", letter=True)


_SHOUT = re.compile(r"\W{1,3}([A-Z]{2,}|[AI](?=\s[A-Z]{2}))(?![\w])")


def _is_shouted(context: Context, match: re.Match[str]) -> bool:
    """Whether a neighbour in capitals is an ordinary word in capitals."""
    following = _SHOUT.match(context.text, match.end(), min(len(context.text), match.end() + 24))
    neighbours = [context.previous(match.start()), following[1] if following else ""]
    return any(len(word) > 4 or word in words("capital_words") for word in neighbours if word.isupper())


def _dotted(match: re.Match[str], context: Context) -> Sequence[Said] | None:
    """U.S.A. and F. B. I.: three letters and more are one word, two stay as they are written."""
    letters = re.sub(r"[.\s]", "", match["letters"])
    if len(letters) == 2 and re.search(r"\.\s", match["letters"]):
        return None
    ending = "'s" if match["ending"] else ""
    word = letters if len(letters) > 2 and letters.isupper() else match["letters"].rstrip(" ")
    return whole(match, word + ending, "letters", letter=True)


def _contraction(match: re.Match[str], context: Context) -> Sequence[Said]:
    return whole(match, match.group(), "plain")


def _with_and(match: re.Match[str], context: Context) -> Sequence[Said]:
    """AT&T, R&D."""
    return [
        Said(match["first"], *match.span("first"), "letters", letter=True),
        Said("and", *match.span("sign"), "letters"),
        Said(
            match["last"] + ("'s" if match["ending"] else ""), match.start("last"), match.end(), "letters", letter=True
        ),
    ]


def _mixed(match: re.Match[str], context: Context) -> Sequence[Said]:
    return whole(match, match.group(), "letters", letter=True)


def _single(match: re.Match[str], context: Context) -> Sequence[Said] | None:
    """One capital, an initial: J. Edgar, Plan B. Not the words A and I."""
    if match["stop"] and not match["stop"].strip():
        return None
    if (match["one"] in "AI" and not match["stop"]) or (
        match["one"] == "O" and context.after(match.end(), 2)[:1] in "',"
    ):
        return None
    if match["one"] == "I" and not context.previous(match.start()).istitle():
        return None
    if match["one"] in _SCALES and context.before(match.start()) in ("degree", "degrees"):
        return [Said(_SCALES[match["one"]], *match.span("one"), "measure")]
    return [Said(match["one"], *match.span("one"), "letters", letter=True)]


_SCALES = {"C": "celsius", "F": "fahrenheit"}
_FIXED = {
    "WWI": "world war one", "WWII": "world war two", "WW1": "world war one", "WW2": "world war two", ".NET": "dot net",
    "C++": "c plus plus", "C#": "c sharp", "F#": "f sharp", "Notepad++": "notepad plus plus",
}  # fmt: skip


def _fixed(match: re.Match[str], context: Context) -> Sequence[Said]:
    return whole(match, _FIXED[match.group()], "name")


RULES = [
    rule("(?:" + "|".join(map(re.escape, _FIXED)) + r")(?!\w)", _fixed, LETTER + "."),
    rule(rf"(?:{'|'.join(sorted(_MIXED, key=len, reverse=True))})(?!\w)", _mixed, LETTER),
    rule(
        r"(?P<letters>(?:[A-Z]\.){2,12}(?:[A-Z](?![\w']))?|(?:[A-Z]\.\s){2,6}[A-Z]\.(?!\s[A-Z][a-z]))(?P<ending>'?s(?!\w))?(?!\w)",
        _dotted, LETTER,
    ),
    rule(rf"(?P<letters>(?:[a-z]\.){{2,6}}){absent('ending')}(?!\w)", _dotted, LETTER),
    rule(r"[A-Z]{1,24}'(?:T|LL|RE|VE|D|M)(?!\w)", _contraction, LETTER),
    rule(r"(?P<first>[A-Z]{1,4})(?P<sign>&)(?P<last>[A-Z]{1,4})(?P<ending>'?s)?(?!\w)", _with_and, LETTER),
    rule(r"(?P<base>[A-Z]{2,24})(?P<ending>'?s|'S)?(?![\w])", _capitals, LETTER),
    rule(r"(?P<one>[A-Z])(?P<stop>\.(?!\w))?(?![\w'])", _single, LETTER),
    rule(rf"(?P<one>[b-hj-z]){absent('stop')}(?![\w'])", _single, LETTER),
]  # fmt: skip
