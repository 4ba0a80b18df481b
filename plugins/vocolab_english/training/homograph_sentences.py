"""Sentences with a homograph, each with the reading that it asks for.

A file holds `[word]` lines and below each its sentences, `1 ...` for the first reading that `homographs.txt` lists,
`2 ...` for the second; a word may be a form in -s. Of each reading every fifth sentence is held out: nothing was
fitted to it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from vocolab_english.homograph_features import Token

HELD_OUT_EVERY = 5

_TOKEN = re.compile(r"([^\W_]+(?:'[^\W_]+)*)|([.,;:?!])|([^\s\w'])")


class Labelled(NamedTuple):
    """A sentence and the reading of its homograph."""

    word: str
    reading: int
    """Its place among the readings of the word."""
    text: str
    tokens: tuple[Token, ...]
    at: int
    """Which token the homograph is."""
    held_out: bool


def tokenised(text: str) -> tuple[Token, ...]:
    """The tokens of a plain sentence, as the normaliser would give them for words without digits."""
    tokens: list[Token] = []
    for match in _TOKEN.finditer(text):
        if match[1]:
            tokens.append(Token(match[1].lower(), match[1][0].isupper(), False))
        elif match[2] and tokens:
            tokens[-1] = tokens[-1]._replace(stop=True)
    return tuple(tokens)


def read_sentences(paths: Iterable[Path]) -> list[Labelled]:
    """All sentences of the files, in order.

    Raises:
        ValueError: if a sentence does not hold its word; names file and line.
    """
    found: list[Labelled] = []
    counts: Counter[tuple[str, int]] = Counter()
    for path in paths:
        word = ""
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if line.startswith("["):
                word = line.strip("[]")
                continue
            reading, text = int(line[0]) - 1, line[2:]
            tokens = tokenised(text)
            places = [place for place, token in enumerate(tokens) if token.word == word]
            if not places:
                raise ValueError(f"{path}:{number}: {word!r} is not in {text!r}")
            counts[word, reading] += 1
            held_out = counts[word, reading] % HELD_OUT_EVERY == 0
            found.append(Labelled(word, reading, text, tokens, places[0], held_out))
    return found
