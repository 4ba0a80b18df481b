"""What a homograph's surroundings say, as named features: neighbours, their classes, capitals, words nearby."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from vocolab_english.number_words import is_number_word
from vocolab_english.word_classes import NUMBER, OPEN_CLASSES, class_behind, word_class

NEARBY = 9
"""Words to either side in which a word counts as near."""
_REACH = 4
"""Words over which the nearest determiner, preposition or subject is looked for."""
_EDGE = "|"


class Token(NamedTuple):
    """One word as features see it."""

    word: str
    """In lower case; `NUMBER` for a run of number words."""
    capital: bool
    stop: bool
    """Whether punctuation follows."""


class Features(NamedTuple):
    """Names of what was found."""

    syntax: list[str]
    """What tells parts of speech, whatever the word."""
    words: list[str]
    """What only this word's own readings can be told by: its neighbours and the words near it."""


def merged(tokens: Iterable[Token], at: int) -> tuple[list[Token], int]:
    """The tokens with each run of number words as one, and where the token `at` is then."""
    found: list[Token] = []
    place = 0
    for number, token in enumerate(tokens):
        if number == at:
            place = len(found)
        if number != at and is_number_word(token.word):
            token = token._replace(word=NUMBER, capital=False)
            if found and found[-1].word == NUMBER and not found[-1].stop:
                found.pop()
        found.append(token)
    return found, place


def features(tokens: Sequence[Token], at: int) -> Features:
    """The features of the token `at`, whose neighbours are `tokens`."""
    view = _View(tokens, at)
    left, right = view.kind(-1), view.kind(1)
    capitals = view.capitals()
    syntax = [
        f"l={left}", f"r={right}", f"l2={view.kind(-2)}", f"r2={view.kind(2)}",
        f"l2l={view.kind(-2)},{left}", f"rr2={right},{view.kind(2)}", f"lr={left},{right}",
        f"lw={view.word(-1)}", f"rw={view.word(1)}", f"l2w={view.word(-2)}", f"r2w={view.word(2)}",
        f"reach={view.reach()}", f"reach={view.reach()},{right}", f"ahead={view.ahead()}", *view.joined(), *capitals,
    ]  # fmt: skip
    words = [f"lw={view.word(-1)}", f"rw={view.word(1)}", *capitals, *view.near()]
    return Features(syntax, words)


class _View:
    """A sentence seen from one of its words; places are counted from there."""

    def __init__(self, tokens: Sequence[Token], at: int) -> None:
        self._tokens, self._at = tokens, at

    def token(self, by: int) -> Token | None:
        """The token so many places away; None beyond a punctuation mark or the sentence."""
        place = self._at + by
        if not 0 <= place < len(self._tokens):
            return None
        between = self._tokens[place : self._at] if by < 0 else self._tokens[self._at : place]
        return None if any(token.stop for token in between) else self._tokens[place]

    def word(self, by: int) -> str:
        token = self.token(by)
        return token.word if token else _EDGE

    def kind(self, by: int) -> str:
        """The class of a word; names are told by their capitals where the class is open."""
        token = self.token(by)
        if token is None:
            return _EDGE if self._at + by in range(len(self._tokens)) else _EDGE * 2
        place = self._at + by
        kind = class_behind(token.word, self._tokens[place - 1].word if place else "")
        return f"{kind}^" if token.capital and place > 0 and kind in OPEN_CLASSES else kind

    def capitals(self) -> list[str]:
        """Which of the word and its neighbours have capitals; nothing if none has."""
        marks = [self._capital(by) for by in (-1, 0, 1)]
        return [f"capital={marks[1]}", f"capitals={','.join(marks)}"] if any(mark != "no" for mark in marks) else []

    def _capital(self, by: int) -> str:
        token = self.token(by)
        if token is None or not token.capital:
            return "no"
        return "first" if self._at + by == 0 else "yes"

    def reach(self) -> str:
        """The nearest word of a closed class before, with the classes of open words left out."""
        for by in range(1, _REACH + 1):
            kind = self.kind(-by).rstrip("^")
            if kind not in OPEN_CLASSES:
                return f"{kind}{min(by, 3)}"
        return "far"

    def ahead(self) -> str:
        """The nearest word of a closed class behind."""
        for by in range(1, _REACH + 1):
            kind = self.kind(by).rstrip("^")
            if kind not in OPEN_CLASSES:
                return f"{kind}{min(by, 3)}"
        return "far"

    def joined(self) -> list[str]:
        """Behind "and", what stands before the partner of the word: the "to" of "to collect and separate"."""
        return [f"joined={self.kind(-3)},{self.kind(-2)}", f"joined={self.kind(-3)}"] if self.kind(-1) == "and" else []

    def near(self) -> Iterator[str]:
        """The words around, without those that stand everywhere."""
        for token in self._tokens[max(0, self._at - NEARBY) : self._at]:
            if word_class(token.word) in OPEN_CLASSES:
                yield f"near={token.word}"
        for token in self._tokens[self._at + 1 : self._at + 1 + NEARBY]:
            if word_class(token.word) in OPEN_CLASSES:
                yield f"near={token.word}"
