"""What was heard, held against what was to be said, word by word."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from vocolab.texts.speaking import Speaker


class WordErrors(NamedTuple):
    """The fewest changes that make what was heard of what was to be said."""

    changed: int
    missed: int
    """Words that were to be said and were not heard."""
    added: int
    """Words that were heard and not to be said."""
    words: int
    """That were to be said."""

    @property
    def all(self) -> int:
        """Changed, missed and added words."""
        return self.changed + self.missed + self.added


def spelled_words(speaker: Speaker) -> Callable[[str], list[str]]:
    """What makes words of a text: in lower case, numbers and signs as they are said, without punctuation or hyphens.

    So a listener who writes "$12" has heard "twelve dollars".
    """

    def words_of(text: str) -> list[str]:
        said = (word.word for sentence in speaker.stream([text]) for word in sentence.words)
        return [part for word in said for part in word.replace("-", " ").replace("'", "").lower().split()]

    return words_of


def word_errors(wanted: Sequence[str], heard: Sequence[str]) -> WordErrors:
    """The least number of changes (Levenshtein) by kinds; of equal ways the one with most changed words."""
    rows = [[(number, 0, 0, number) for number in range(len(heard) + 1)]]  # cost, changed, missed, added
    for place, word in enumerate(wanted, 1):
        row = [(place, 0, place, 0)]
        for column, other in enumerate(heard, 1):
            cost, changed, missed, added = rows[-1][column - 1]
            differs = word != other
            ways = [(cost + differs, changed + differs, missed, added)]
            cost, changed, missed, added = rows[-1][column]
            ways.append((cost + 1, changed, missed + 1, added))
            cost, changed, missed, added = row[-1]
            ways.append((cost + 1, changed, missed, added + 1))
            row.append(min(ways, key=lambda way: (way[0], -way[1])))
        rows.append(row)
    _, changed, missed, added = rows[-1][-1]
    return WordErrors(changed, missed, added, len(wanted))
