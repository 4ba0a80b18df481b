"""Homographs in sentences: the listed words, their forms in -s, and what the user's roles say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from vocolab.texts.language import Pronunciation, Spoken
from vocolab_english.homograph_features import Token, features, merged
from vocolab_english.homographs import Reading, chooser, forms
from vocolab_english.word_sounds import latin

_UNSURE = 1.5
"""Below this difference of scores the choice is reported as assumed."""

_ACCENTED = {"resume": "noun", "expose": "noun", "nestle": "company", "mate": "drink", "jesus": "spanish"}
"""The readings that are written with an accent where people take care."""

ROLES: Mapping[str, frozenset[str]] = {
    "noun": frozenset({"noun", "plural"}), "nn": frozenset({"noun"}), "nns": frozenset({"plural"}),
    "plural": frozenset({"plural"}), "adjective": frozenset({"adj"}), "adj": frozenset({"adj"}),
    "jj": frozenset({"adj"}), "verb": frozenset({"verb", "third"}), "vb": frozenset({"verb"}),
    "vbp": frozenset({"verb"}), "present": frozenset({"verb", "third"}), "vbz": frozenset({"third"}),
    "past": frozenset({"past"}), "vbd": frozenset({"past"}), "vbn": frozenset({"past"}),
    "participle": frozenset({"past"}),
}  # fmt: skip
"""The parts of speech that a role may be; Penn tags too, and any prefix before a colon is passed over."""


def choose(word: Spoken, tokens: Sequence[Token], at: int) -> Pronunciation | None:
    """The sounds of the word `tokens[at]` by its context or its role; None if it has one reading only."""
    base, readings = forms(chooser().readings, word.word if word.word.isascii() else latin(word.word))
    if not readings:
        return None
    named = _of_role(readings, word.role) or _of_accent(word.word, base, readings)
    if named:
        return Pronunciation(named.phonemes, "homograph")
    context, place = merged(tokens, at)
    found = features(context, place)
    scores = {reading.name: chooser().score(base, reading, found) for reading in readings}
    best, second = sorted(readings, key=lambda reading: -scores[reading.name])[:2]
    is_close = scores[best.name] - scores[second.name] < _UNSURE
    unsure = f"{word.word!r} is said as the {best.name}, not as the {second.name}"
    return Pronunciation(best.phonemes, "homograph", unsure if is_close else "")


def _of_role(readings: Sequence[Reading], role: str) -> Reading | None:
    """The only reading that a role fits: a part of speech, or the reading's own name."""
    name = role.rpartition(":")[2].lower()
    named = [reading for reading in readings if reading.name == name]
    fitting = named or [reading for reading in readings if ROLES.get(name, frozenset()).intersection(reading.parts)]
    return fitting[0] if len(fitting) == 1 else None


def _of_accent(word: str, base: str, readings: Sequence[Reading]) -> Reading | None:
    """The reading that an accent tells: "résumé" is never the verb."""
    name = _ACCENTED.get(base) if not word.isascii() else None
    return next((reading for reading in readings if reading.name == name), None)
