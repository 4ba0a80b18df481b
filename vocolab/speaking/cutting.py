"""Sentences cut where a voice would not go on by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from vocolab.texts.document import Sentence, SentenceMark

MOST_INSIDE_MS = 1000
"""The longest pause that a voice makes inside a sentence. No punctuation makes a longer one: the text states it, and it
is to be as long as is stated."""


def cut_at_pauses(sentence: Sentence) -> Iterator[Sentence]:
    """The sentence, in clauses if pauses inside it are too long for a voice."""
    inner = range(1, len(sentence.words))
    places = [number for number in inner if sentence.words[number - 1].pause_ms > MOST_INSIDE_MS]
    yield from cut_before(sentence, places)


def cut_before(sentence: Sentence, places: list[int]) -> Iterator[Sentence]:
    """The clauses of a sentence that is cut before the words of these numbers, from 1 on, in order.

    What was assumed of the sentence, and the silence before it, stay with the first; how it ends with the last.
    """
    if not places:
        yield sentence
        return
    edges = [0, *places, len(sentence.words)]
    for number, (first, end) in enumerate(pairwise(edges)):
        words = sentence.words[first:end]
        is_first, is_last = number == 0, end == len(sentence.words)
        yield replace(
            sentence,
            words=words,
            start=sentence.start if is_first else words[0].start,
            end=sentence.end if is_last else words[-1].end,
            pause_before_ms=sentence.pause_before_ms if is_first else 0,
            marks=tuple(
                SentenceMark(mark.before - first, mark.name)
                for mark in sentence.marks if first <= mark.before < end or (is_last and mark.before == end)
            ),
            paragraph=sentence.paragraph and is_last,
            complete=sentence.complete and is_last,
            assumed=sentence.assumed if is_first else (),
        )  # fmt: skip
