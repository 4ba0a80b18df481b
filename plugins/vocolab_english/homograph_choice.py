"""Homographs in sentences: the listed words, their forms in -s, and what the user's roles say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from vocolab.texts.language import Pronunciation, Spoken
from vocolab_english.homograph_features import Token, features, merged
from vocolab_english.homographs import Reading, chooser
from vocolab_english.inflections import with_s

_UNSURE = 1.5
"""Below this difference of scores the choice is reported as assumed."""

_ONE_SOUND = frozenset({"houses", "mouths"})
"""Forms in -s whose noun takes the voiced sound of the verb, so that there is nothing to choose."""

_S_PARTS = {"noun": "plural", "verb": "third"}
"""What a part of speech is with an -s."""

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
    base, readings = _readings(word.word)
    if not readings:
        return None
    by_role = _of_role(readings, word.role)
    if by_role:
        return Pronunciation(by_role.phonemes, "homograph")
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


def _readings(word: str) -> tuple[str, tuple[Reading, ...]]:
    """The listed word, and its readings with the sounds of this form."""
    listed = chooser().readings
    if word in listed:
        return word, listed[word]
    if word in _ONE_SOUND:
        return "", ()
    base = word[:-2] if word.endswith(("ches", "shes", "xes", "sses")) else word[:-1]
    if word.endswith("s") and not word.endswith("ss") and base in listed:
        return base, _with_s(listed[base])
    return "", ()


@lru_cache(maxsize=512)
def _with_s(readings: tuple[Reading, ...]) -> tuple[Reading, ...]:
    """Plural nouns and verbs in the third person; nothing if only one of the readings has such a form."""
    forms = []
    for reading in readings:
        parts = tuple(_S_PARTS[part] for part in reading.parts if part in _S_PARTS)
        if parts:
            forms.append(replace(reading, parts=parts, phonemes=with_s(reading.phonemes)))
    return tuple(forms) if len(forms) > 1 else ()
