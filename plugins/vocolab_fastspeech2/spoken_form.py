"""What the network is told of a sentence: numbered symbols, and for each how it is to be said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vocolab.errors import InputError
from vocolab.texts.document import PLAIN, Prosody, Sentence
from vocolab.texts.symbols import SymbolSequence
from vocolab_fastspeech2.readers import Reader

RATES = (0.1, 10.0)
MOST_SEMITONES = 36.0
MOST_RANGE = 8.0
MOST_SYMBOLS = 1200
"""That the network sees at once; a longer sentence is cut between words."""


@dataclass(frozen=True)
class SpokenForm:
    """A sentence, or a part of a long one. All arrays are (symbols,)."""

    names: tuple[str, ...]
    ids: NDArray[np.int64]
    words: tuple[int, ...]
    """The word that each symbol belongs to, -1 for pauses and boundaries."""
    rate: NDArray[np.float32]
    semitones: NDArray[np.float32]
    pitch_range: NDArray[np.float32]
    gain_db: NDArray[np.float32]
    rests: tuple[Rest | None, ...]
    """For each pause between words how long it is to be."""

    def parts(self) -> Iterator[SpokenForm]:
        """The form, or what it is cut to: at a pause where there is one in the second half, else between words."""
        first, end = 0, len(self.ids)
        while end - first > MOST_SYMBOLS:
            last = first + MOST_SYMBOLS
            places = [place for place in range(first + MOST_SYMBOLS // 2, last) if self.words[place] < 0]
            pauses = [place for place in places if self.rests[place] is not None]
            cut = (pauses or places or [last - 1])[-1] + 1
            yield self._part(first, cut)
            first = cut
        yield self._part(first, end) if first else self

    def _part(self, first: int, end: int) -> SpokenForm:
        here = slice(first, end)
        return SpokenForm(self.names[here], self.ids[here], self.words[here], self.rate[here], self.semitones[here],
                          self.pitch_range[here], self.gain_db[here], self.rests[here])


class Rest(NamedTuple):
    """How long a pause is: `times` what the voice makes of it, and `more_s` on top of that."""

    times: float
    more_s: float


def spoken_form(sentence: Sentence, reader: Reader, usual_ms: Mapping[str, int]) -> SpokenForm:
    """What the network is told of a sentence.

    Args:
        sentence: Its words state how they are to be said.
        reader: The voice's.
        usual_ms: The pause that each sign makes by itself. Where the text has no other the voice decides.

    Raises:
        InputError: if nothing in it has a sound, a symbol is unknown, or a span is to be said as nobody can.
    """
    if not any(word.phonemes for word in sentence.words):
        raise InputError("the sentence has nothing in it that can be said")
    sequence = reader.read(sentence)
    manners = [_manner(sentence, word) for word in _owners(sequence)]
    rests = tuple(_rest(sentence, sequence, place, reader.pauses, usual_ms) for place in range(len(sequence.names)))
    return SpokenForm(
        sequence.names, np.array(sequence.ids, np.int64), sequence.words,
        *(np.array([getattr(manner, name) for manner in manners], np.float32)
          for name in ("rate", "pitch_semitones", "pitch_range", "volume_db")),
        rests,
    )


def _owners(sequence: SymbolSequence) -> list[int]:
    """For each symbol the word whose manner it has: its own, else the one before it, else the first."""
    owners, last = [], next((word for word in sequence.words if word >= 0), 0)
    for word in sequence.words:
        last = word if word >= 0 else last
        owners.append(last)
    return owners


def _manner(sentence: Sentence, number: int) -> Prosody:
    word = sentence.words[number]
    manner = word.prosody
    if manner == PLAIN:
        return manner
    for what, value, least, most in (
        ("rate", manner.rate, *RATES), ("pitch_range", manner.pitch_range, 0.0, MOST_RANGE),
        ("pitch_semitones", manner.pitch_semitones, -MOST_SEMITONES, MOST_SEMITONES),
    ):
        if not least <= value <= most:
            raise InputError(f"{word.word!r} is to be said with {what} {value:g}; this voice can do {least:g} to "
                             f"{most:g}, everything together")
    return manner


def _rest(
    sentence: Sentence, sequence: SymbolSequence, place: int, pauses: frozenset[str], usual_ms: Mapping[str, int]
) -> Rest | None:
    if sequence.words[place] >= 0 or sequence.names[place] not in pauses:
        return None
    if place == 1:
        return Rest(0.0, sentence.pause_before_ms / 1000)
    word = sentence.words[sequence.words[place - 1]]
    usual = max((usual_ms.get(sign, 0) for sign in word.punctuation), default=0)
    if not usual:
        return Rest(0.0, word.pause_ms / 1000)
    return Rest(min(1.0, word.pause_ms / usual), max(0, word.pause_ms - usual) / 1000)

