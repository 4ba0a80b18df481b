"""Words built from words that are known: -s and -ed with the right voicing, -ing, contractions, simple derivations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeAlias

from vocolab_english.dictionary import Phonemes

Lookup: TypeAlias = Callable[[str], Phonemes]
"""A word's phonemes, or nothing."""

_SIBILANTS = frozenset({"S", "Z", "SH", "ZH", "CH", "JH"})
_VOICELESS = frozenset({"P", "T", "K", "F", "TH", "S", "SH", "CH"})
_HISSING = ("s", "x", "z", "ch", "sh")
_NEVER_BEFORE_E = "wxy"
_OFTEN_BEFORE_E = "cglruvz"
SHORTEST_BASE = 2


def with_s(base: Phonemes) -> Phonemes:
    """The plural, the third person or the possessive: cats, dogs, horses."""
    if base[-1] in _SIBILANTS:
        return (*base, "IH0", "Z")
    return (*base, "S" if base[-1] in _VOICELESS else "Z")


def with_ed(base: Phonemes) -> Phonemes:
    """The past: walked, begged, wanted."""
    if base[-1] in ("T", "D"):
        return (*base, "IH0", "D")
    return (*base, "T" if base[-1] in _VOICELESS else "D")


def _with_ll(base: Phonemes) -> Phonemes:
    return (*base, "AH0", "L")


def _with_d(base: Phonemes) -> Phonemes:
    return (*base, "IH0", "D") if base[-1] in ("T", "D") else (*base, "D")


def _with_ly(base: Phonemes) -> Phonemes:
    """Slowly; of "simple" the syllable of the l goes: simply."""
    if base[-2:] == ("AH0", "L"):
        return (*base[:-2], "L", "IY0")
    return (*base, "IY0") if base[-1] == "L" else (*base, "L", "IY0")


def _ending(sounds: str) -> Callable[[Phonemes], Phonemes]:
    added = tuple(sounds.split())
    return lambda base: base + added


class _Rule(NamedTuple):
    """How a word with an ending comes from its base."""

    ending: str
    base: str
    """What the base has in place of the ending."""
    sounds: Callable[[Phonemes], Phonemes]


CLITICS = (
    _Rule("'s", "", with_s), _Rule("s'", "s", lambda base: base), _Rule("n't", "", _ending("AH0 N T")),
    _Rule("'ll", "", _with_ll), _Rule("'ve", "", _ending("AH0 V")), _Rule("'re", "", _ending("ER0")),
    _Rule("'d", "", _with_d), _Rule("'m", "", _ending("M")), _Rule("in'", "ing", lambda base: (*base[:-1], "N")),
    _Rule("'", "", lambda base: base),
)  # fmt: skip
"""What is joined to any word by an apostrophe."""

_INFLECTIONS = (
    _Rule("ies", "y", with_s), _Rule("es", "", with_s), _Rule("s", "", with_s), _Rule("ied", "y", with_ed),
    _Rule("ed", "e", with_ed), _Rule("ed", "", with_ed), _Rule("ing", "e", _ending("IH0 NG")),
    _Rule("ing", "", _ending("IH0 NG")), _Rule("ings", "", _ending("IH0 NG Z")),
    _Rule("ings", "e", _ending("IH0 NG Z")),
)  # fmt: skip
_DERIVATIONS = (
    _Rule("ily", "y", _ending("L IY0")), _Rule("ably", "able", _with_ly), _Rule("ibly", "ible", _with_ly),
    _Rule("ically", "ic", _ending("L IY0")), _Rule("fully", "ful", _ending("IY0")),
    _Rule("ly", "", _with_ly), _Rule("ly", "le", _with_ly),
    _Rule("iness", "y", _ending("N AH0 S")), _Rule("ness", "", _ending("N AH0 S")),
    _Rule("less", "", _ending("L AH0 S")), _Rule("ful", "", _ending("F AH0 L")),
    _Rule("ier", "y", _ending("ER0")), _Rule("er", "e", _ending("ER0")), _Rule("er", "", _ending("ER0")),
    _Rule("iers", "y", _ending("ER0 Z")), _Rule("ers", "e", _ending("ER0 Z")), _Rule("ers", "", _ending("ER0 Z")),
    _Rule("iest", "y", _ending("IH0 S T")), _Rule("est", "e", _ending("IH0 S T")),
    _Rule("est", "", _ending("IH0 S T")), _Rule("able", "e", _ending("AH0 B AH0 L")),
    _Rule("able", "", _ending("AH0 B AH0 L")), _Rule("ment", "", _ending("M AH0 N T")),
    _Rule("ments", "", _ending("M AH0 N T S")), _Rule("ish", "", _ending("IH0 SH")),
    _Rule("ship", "", _ending("SH IH2 P")), _Rule("hood", "", _ending("HH UH2 D")),
    _Rule("like", "", _ending("L AY2 K")), _Rule("wise", "", _ending("W AY2 Z")),
    _Rule("ism", "", _ending("IH2 Z AH0 M")),
    _Rule("ist", "", _ending("IH0 S T")), _Rule("ists", "", _ending("IH0 S T S")),
)  # fmt: skip
_PREFIXES = {
    "un": "AH0 N", "non": "N AA0 N", "re": "R IY0", "pre": "P R IY0", "mis": "M IH0 S", "over": "OW2 V ER0",
    "under": "AH2 N D ER0", "anti": "AE2 N T IY0", "super": "S UW2 P ER0", "inter": "IH2 N T ER0",
    "counter": "K AW2 N T ER0", "multi": "M AH2 L T IY0", "semi": "S EH2 M IY0", "micro": "M AY2 K R OW0",
    "ultra": "AH2 L T R AH0", "out": "AW2 T", "dis": "D IH0 S",
    "mega": "M EH2 G AH0", "hyper": "HH AY2 P ER0", "cyber": "S AY2 B ER0", "pseudo": "S UW2 D OW0",
}  # fmt: skip
SHORTEST_DERIVED_BASE = 4


def clitic(word: str, lookup: Lookup) -> Phonemes:
    """A possessive or a contraction of a word that `lookup` knows; nothing if it is none."""
    for rule in CLITICS:
        if word.endswith(rule.ending) and len(word) > len(rule.ending):
            base = lookup(word[: len(word) - len(rule.ending)] + rule.base)
            if base:
                return rule.sounds(base)
    return ()


def inflected(word: str, lookup: Lookup) -> Phonemes:
    """A plural, a past, an -ing form of a word that `lookup` knows; nothing if it is none."""
    return _first(word, _INFLECTIONS, lookup, SHORTEST_BASE + 1)


def derived(word: str, lookup: Lookup) -> Phonemes:
    """A word with a usual ending or beginning, from one that `lookup` knows; nothing if it is none."""
    found = _first(word, _DERIVATIONS, lookup, SHORTEST_DERIVED_BASE)
    if found:
        return found
    for prefix, sounds in _PREFIXES.items():
        if word.startswith(prefix) and len(word) - len(prefix) >= SHORTEST_DERIVED_BASE:
            base = lookup(word[len(prefix) :])
            if base:
                return (*sounds.split(), *base)
    return ()


def _first(word: str, rules: tuple[_Rule, ...], lookup: Lookup, shortest: int) -> Phonemes:
    for rule in rules:
        if word.endswith(rule.ending):
            for base in _bases(word[: len(word) - len(rule.ending)], rule):
                sounds = lookup(base) if len(base) >= shortest else ()
                if sounds:
                    return rule.sounds(sounds)
    return ()


def _bases(stem: str, rule: _Rule) -> Iterator[str]:
    """What the word may come from; the doubled consonant of "stopped" is tried last."""
    hisses = stem.endswith(_HISSING)
    if (rule.ending == "es" and not hisses and stem[-1:] != "o") or (rule.ending == "s" and hisses):
        return
    if rule.base == "e" and not _loses_e(stem):
        return
    yield stem + rule.base
    if not rule.base and len(stem) > SHORTEST_BASE and stem[-1] == stem[-2] and rule.ending[0] in "aei":
        yield stem[:-1]


def _loses_e(stem: str) -> bool:
    """Whether a stem looks as if an e had gone: "hop" from hope, "chang" from change, not "grind", not "brow"."""
    if stem[-1:] in _NEVER_BEFORE_E or stem[-1:] * 2 == stem[-2:]:
        return False
    return stem[-1:] in _OFTEN_BEFORE_E or stem[-2:-1] in "aeiouy" or stem[-2:] in ("st", "th", "rs", "ns", "bl", "dl")
