"""Word families: a word with its inflections and derivations, so that no test word has a relative in the training."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

_ENDINGS = (
    ("'s", ""), ("s'", ""), ("'", ""), ("s", ""), ("es", ""), ("ies", "y"), ("ves", "f"), ("ves", "fe"), ("ed", ""),
    ("ed", "e"), ("d", ""), ("ied", "y"), ("ing", ""), ("ing", "e"), ("in'", "ing"), ("er", ""), ("er", "e"),
    ("ier", "y"), ("ers", ""), ("est", ""), ("est", "e"), ("iest", "y"), ("ly", ""), ("ly", "le"), ("ily", "y"),
    ("ness", ""), ("iness", "y"), ("less", ""), ("ful", ""), ("fully", "ful"), ("able", ""), ("able", "e"),
    ("ment", ""), ("ion", ""), ("ion", "e"), ("ation", "e"), ("ism", ""), ("ist", ""), ("ity", ""), ("ity", "e"),
    ("al", ""), ("ally", "al"), ("or", ""), ("or", "e"), ("ship", ""), ("hood", ""), ("man", ""), ("ize", ""),
)  # fmt: skip
"""Endings with what stands in their place in the base."""
_PREFIXES = ("un", "re", "non", "mis", "over", "under", "pre", "dis", "counter", "anti", "inter")
_SHORTEST_BASE = 3


def families(words: Iterable[str]) -> dict[str, str]:
    """For each word a word that stands for its family: two words are of one family if they lead to the same."""
    known = set(words)
    parents = {word: word for word in known}
    for word in sorted(known):
        for base in _bases(word):
            if base in known:
                parents[_root(parents, word)] = _root(parents, base)
    return {word: _root(parents, word) for word in known}


def part(family: str) -> str:
    """The part that a family falls into, by its name alone: "test" one in 20, "check" one in 50, else "training"."""
    number = int.from_bytes(hashlib.sha256(family.encode()).digest()[:4], "big") % 100
    if number < 5:
        return "test"
    return "check" if number < 7 else "training"


def _bases(word: str) -> Iterator[str]:
    for ending, replacement in _ENDINGS:
        if word.endswith(ending):
            base = word[: len(word) - len(ending)] + replacement
            if len(base) >= _SHORTEST_BASE:
                yield base
            if not replacement and len(base) > _SHORTEST_BASE and base[-1] == base[-2]:
                yield base[:-1]
    for prefix in _PREFIXES:
        if word.startswith(prefix) and len(word) - len(prefix) > _SHORTEST_BASE:
            yield word[len(prefix) :]


def _root(parents: dict[str, str], word: str) -> str:
    while parents[word] != word:
        parents[word] = parents[parents[word]]
        word = parents[word]
    return word
