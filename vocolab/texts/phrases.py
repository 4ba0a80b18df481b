"""Finds words and phrases of a user's files in a text, each place once, in linear time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from vocolab.texts.document import Span

T = TypeVar("T")


@dataclass(frozen=True)
class Found(Generic[T]):
    """A phrase that was found and what it stands for."""

    span: Span
    value: T


class Phrases(Generic[T]):
    """What phrases stand for. One in lower case is found in any case, another only as it is written."""

    def __init__(self, values: Mapping[str, T]) -> None:
        self._values = dict(values)
        firsts = {sign for phrase in values for sign in (phrase[0], phrase[0].upper()[:1], phrase[0].lower()[:1])}
        self._first = re.compile(f"[{re.escape(''.join(sorted(firsts)))}]") if firsts else None
        self._lengths = sorted({len(phrase) for phrase in values}, reverse=True)

    def find(self, text: str) -> Iterator[Found[T]]:
        """The phrases that stand alone in a text, in order; of several at a place the longest."""
        if self._first is None:
            return
        end = 0
        for match in self._first.finditer(text):
            start = match.start()
            if start >= end and _opens_word(text, start) and (found := self._at(text, start)):
                end = found.span.end
                yield found

    def _at(self, text: str, start: int) -> Found[T] | None:
        for length in self._lengths:
            phrase = text[start : start + length]
            key = phrase if phrase in self._values else phrase.lower()
            if len(phrase) == length and key in self._values and _closes_word(text, start + length):
                return Found(Span(start, start + length), self._values[key])
        return None


def _opens_word(text: str, start: int) -> bool:
    return start == 0 or not (text[start].isalnum() and text[start - 1].isalnum())


def _closes_word(text: str, end: int) -> bool:
    return end == len(text) or not (text[end].isalnum() and text[end - 1].isalnum())
