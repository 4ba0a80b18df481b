"""Where a long sentence can be cut, the best place first."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

_STRONG = re.compile(r"""[;:—…]["'”’»)\]]{0,8}(?=\s)""")
_COMMA = re.compile(r"""[,，、]["'”’»)\]]{0,8}(?=\s)|[，、]""")
_SPACE = re.compile(r"\s+")
_WORD = re.compile(r"[^\W\d_]+")
_EARLIEST = 0.4
"""Of the length; before that a cut would leave a scrap."""


def cut_places(text: str, clause_words: Collection[str]) -> Iterator[int]:
    """Places to cut `text`, the best first: behind `;` `:` or a dash, behind a comma, before a clause word, a space."""
    earliest = int(len(text) * _EARLIEST)
    for sign in (_STRONG, _COMMA):
        yield from reversed([match.end() for match in sign.finditer(text, earliest)])
    spaces = [match.end() for match in _SPACE.finditer(text, earliest)]
    before_words = [place for place in spaces if _word_at(text, place) in clause_words]
    yield from reversed(before_words)
    yield from reversed(spaces)


def _word_at(text: str, place: int) -> str:
    match = _WORD.match(text, place)
    return match[0].lower() if match else ""
