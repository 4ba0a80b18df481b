"""A sentence that is begun before all of it is ready: its first phrase, then the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from vocolab.speaking.cutting import cut_before
from vocolab.texts.document import Sentence

LONG_WORDS = 12
"""A first sentence of more words is cut: what has to be predicted before the first sound is then short."""
_EARLIEST, _LATEST = 3, 10
"""How many words the first phrase has."""


def with_short_beginning(sentences: Iterable[Sentence]) -> Iterator[Sentence]:
    """The same sentences, the first of them in two if it is long and has a sign to be cut at."""
    is_first = True
    for sentence in sentences:
        if is_first and sentence.words:
            is_first = False
            yield from cut_before(sentence, phrase_end(sentence))
        else:
            yield sentence


def phrase_end(sentence: Sentence) -> list[int]:
    """The number of the word that the rest begins with; none if the sentence is short, or has no sign near its begin.

    Only where a pause is made anyway: nobody is to hear that the two were not said in one.
    """
    if len(sentence.words) <= LONG_WORDS:
        return []
    places = range(_EARLIEST, _LATEST + 1)
    return [number for number in places if sentence.words[number - 1].pause_ms > 0][:1]
