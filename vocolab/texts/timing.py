"""Pauses of a sentence: those that its punctuation makes and those that the text states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from vocolab.texts.document import Mark, Pause, SentenceMark, Word
from vocolab.texts.language import Pauses


@dataclass(frozen=True)
class Placed:
    """A word and where its writing ends in the document's text."""

    word: Word
    end: int


def with_pauses(
    placed: Sequence[Placed], stated: Sequence[Pause], pauses: Pauses, *, paragraph: bool, complete: bool
) -> tuple[list[Word], int]:
    """The words with the silence after each, and the silence before the first, in milliseconds.

    Inside the sentence the words have the pauses of their punctuation already.
    """
    words = [one.word for one in placed]
    if words:
        ending = words[-1].pause_ms if not complete else max(words[-1].pause_ms, pauses.signs_ms.get(".", 0))
        words[-1] = replace(words[-1], pause_ms=max(ending, pauses.paragraph_ms) if paragraph else ending)
    before_ms = 0
    for pause in stated:
        number = _words_before(placed, pause.at)
        if number:
            words[number - 1] = replace(words[number - 1], pause_ms=pause.ms)
        else:
            before_ms += pause.ms
    return words, before_ms


def placed_marks(placed: Sequence[Placed], marks: Sequence[Mark]) -> tuple[SentenceMark, ...]:
    """Marks with the number of the word that they stand before."""
    return tuple(SentenceMark(_words_before(placed, mark.at), mark.name) for mark in marks)


def _words_before(placed: Sequence[Placed], at: int) -> int:
    return sum(1 for one in placed if one.end <= at)


def sign_ms(signs: str, pauses: Pauses) -> int:
    """The pause that punctuation after a word makes."""
    return max((pauses.signs_ms.get(sign, 0) for sign in signs), default=0)
