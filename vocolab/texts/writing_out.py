"""A sentence as it is said, in writing; and what in it nobody will hear."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from vocolab.texts.document import Span
from vocolab.texts.language import Spoken

_KEPT = frozenset(".,;:!?…()[]\"'“”‘’«»¿¡-–—")
"""Punctuation between words that stays as it was written."""
_SHOWN = 20


def normalized_text(text: str, spoken: Sequence[Spoken]) -> str:
    """The text with every word as it is said, in its punctuation."""
    parts, at = [], 0
    for number, word in enumerate(spoken):
        if number and (word.start, word.end) == (spoken[number - 1].start, spoken[number - 1].end):
            parts.append(" ")
        else:
            between = _between(text[at : word.start])
            parts.append(between or (" " if parts else ""))
        written = text[word.start : word.end]
        parts.append(written if written.lower() == word.word else word.word)
        at = max(at, word.end)
    return " ".join("".join([*parts, _between(text[at:])]).split())


def unsaid(text: str, spoken: Iterable[Spoken], given: Iterable[Span]) -> Iterator[str]:
    """One line for each run of letters and digits of which no word came."""
    covered = sorted({*((word.start, word.end) for word in spoken), *((span.start, span.end) for span in given)})
    at = 0
    for start, end in [*covered, (len(text), len(text))]:
        lost = "".join(character for character in text[at:start] if _matters(character))
        if lost:
            shown = lost if len(lost) <= _SHOWN else f"{lost[:_SHOWN]}..."
            yield f"{shown!r} can't be said: left out"
        at = max(at, end)


def _between(text: str) -> str:
    return "".join(character for character in text if character in _KEPT or character.isspace())


def _matters(character: str) -> bool:
    """Whether somebody would miss it: letters, digits, and signs such as emoji."""
    return character.isalnum() or unicodedata.category(character) == "So"
