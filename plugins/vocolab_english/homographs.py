"""Words that are said in several ways: which one the context asks for.

A log-linear model. Each reading is scored by its part of speech, with weights that all words share, by its own words
nearby, and by how common it is. `vocolab_english.training.train_homographs` fits the weights.
"""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from pathlib import Path

from vocolab_english.homograph_features import Features, Token, features, merged
from vocolab_english.inflections import with_s
from vocolab_english.symbols import PHONEMES

DATA = Path(__file__).parent / "data"
LISTED = DATA / "homographs.txt"
WEIGHTS = DATA / "homographs.bin"

_HINT_LIMIT = 3
_HISSING_PLURALS = ("ches", "shes", "xes", "sses")
_ONE_SOUND = frozenset({"houses", "mouths"})
"""Forms in -s whose noun takes the voiced sound of the verb, so that there is nothing to choose."""
_S_PARTS = {"noun": "plural", "verb": "third"}
"""What a part of speech is with an -s."""


@dataclass(frozen=True)
class Reading:
    """One way to say a word."""

    name: str
    """Among the readings of the word: "noun", "fish"."""
    parts: tuple[str, ...]
    """Parts of speech: noun, plural, adj, verb, third, past, name."""
    percent: float
    """How often it is met in ordinary prose."""
    phonemes: tuple[str, ...]
    hints: frozenset[str] = frozenset()
    """Words that point to it where they stand near."""


@dataclass(frozen=True)
class Weights:
    """What was fitted."""

    shared: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """By part of speech, then by feature."""
    own: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """By `word/reading`, then by feature."""
    prior: float = 0.5
    """What the logarithm of a reading's percentage counts."""


def parse_readings(text: str) -> dict[str, tuple[Reading, ...]]:
    """The words with their readings, from the text of `homographs.txt`; the file says how it is written."""
    listed: dict[str, dict[str, Reading]] = {}
    for line in text.splitlines():
        head, _, rest = line.partition(": ")
        if head.startswith("+ "):
            _, word, name = head.split()
            listed[word][name] = replace(listed[word][name], hints=frozenset(rest.split()))
        elif rest and not head.startswith("#"):
            listed[head] = {reading.name: reading for reading in map(_reading, rest.split(" / "))}
    return {word: tuple(readings.values()) for word, readings in listed.items()}


def _reading(text: str) -> Reading:
    named, percent, *phonemes = text.split()
    if unknown := set(phonemes).difference(PHONEMES):
        raise ValueError(f"homographs.txt: {text!r} has {', '.join(sorted(unknown))}, which is no phoneme")
    name, _, parts = named.partition("=")
    return Reading(name, tuple((parts or name).split(",")), float(percent), tuple(phonemes))


def forms(listed: Mapping[str, tuple[Reading, ...]], word: str) -> tuple[str, tuple[Reading, ...]]:
    """The listed word that a word is, or is a form in -s of, and its readings with the sounds of the form."""
    if word in listed:
        return word, listed[word]
    base = word[:-2] if word.endswith(_HISSING_PLURALS) else word[:-1]
    if word in _ONE_SOUND or not word.endswith("s") or word.endswith("ss") or base not in listed:
        return "", ()
    return base, _with_s(listed[base])


@lru_cache(maxsize=512)
def _with_s(readings: tuple[Reading, ...]) -> tuple[Reading, ...]:
    """Plural nouns and verbs in the third person; nothing if only one of the readings has such a form."""
    found = []
    for reading in readings:
        parts = tuple(_S_PARTS[part] for part in reading.parts if part in _S_PARTS)
        if parts:
            found.append(replace(reading, parts=parts, phonemes=with_s(reading.phonemes)))
    return tuple(found) if len(found) > 1 else ()


def hint_features(reading: Reading, found: Features) -> list[str]:
    """Features of a reading: its words beside the homograph and near it, and whether a name has its capital."""
    near = {name.partition("=")[2] for name in found.words if name.startswith("near=")}
    beside = {name.partition("=")[2] for name in found.words if name.startswith(("lw=", "rw="))}
    named = [
        f"hints={min(len(near & reading.hints), _HINT_LIMIT)}",
        f"beside={min(len(beside & reading.hints), 2)}",
    ]
    if "name" in reading.parts:
        capital = next((name for name in found.syntax if name.startswith("capital=")), "capital=no")
        named.append(f"name-{capital}")
    return named


class Chooser:
    """Chooses among readings by their context."""

    def __init__(self, readings: Mapping[str, tuple[Reading, ...]], weights: Weights) -> None:
        self.readings = readings
        self._weights = weights

    def choose(self, word: str, readings: Sequence[Reading], tokens: Sequence[Token], at: int) -> Reading:
        """The likeliest reading of the token `at`; `word` is the listed word whose own weights count."""
        context, place = merged(tokens, at)
        found = features(context, place)
        return max(readings, key=lambda reading: self.score(word, reading, found))

    def score(self, word: str, reading: Reading, found: Features) -> float:
        """The logarithm of a reading's likelihood, but for a constant of the context."""
        parts = [_sum(self._weights.shared.get(part, {}), found.syntax) for part in reading.parts]
        own = self._weights.own.get(f"{word}/{reading.name}", {})
        hints = _sum(self._weights.shared.get("hints", {}), hint_features(reading, found))
        best = max(parts)
        by_part = best + math.log(sum(math.exp(part - best) for part in parts))
        return by_part + _sum(own, found.words) + hints + self._weights.prior * math.log(reading.percent)


def _sum(weights: Mapping[str, float], names: Sequence[str]) -> float:
    return sum(weights.get(name, 0.0) for name in names)


def pack_weights(weights: Weights) -> bytes:
    """Weights as the file's content."""
    content = {"shared": weights.shared, "own": weights.own, "prior": weights.prior}
    return zlib.compress(json.dumps(content, separators=(",", ":"), sort_keys=True).encode(), 9)


def unpack_weights(packed: bytes) -> Weights:
    """The weights from the file's content."""
    content = json.loads(zlib.decompress(packed))
    return Weights(content["shared"], content["own"], content["prior"])


@cache
def chooser() -> Chooser:
    """The chooser that the plugin carries; read once."""
    return Chooser(parse_readings(LISTED.read_text(encoding="utf-8")), unpack_weights(WEIGHTS.read_bytes()))
