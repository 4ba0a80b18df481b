"""What a synthesizer gives for a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from vocolab.audio import Audio
from vocolab.texts.document import Sentence


@dataclass(frozen=True)
class WordTime:
    """When a word is said, in seconds from the start of the audio."""

    word: str
    """As it is said: "twelve"."""
    start_s: float
    end_s: float
    source_start: int = 0
    """Where it was written, in code points of the input."""
    source_end: int = 0


@dataclass(frozen=True, eq=False)
class Spoken:
    """The audio of a sentence, and when each of its words is said."""

    audio: Audio
    words: tuple[WordTime, ...] = ()

    def __repr__(self) -> str:
        return f"Spoken({self.audio.seconds:.3f} s, {len(self.words)} words)"


def word_times(sentence: Sentence, spans_s: Mapping[int, tuple[float, float]]) -> tuple[WordTime, ...]:
    """The times of a sentence's words, from the start and the end in seconds of each word's number."""
    said = ((sentence.words[number], span) for number, span in sorted(spans_s.items()))
    return tuple(WordTime(word.word, start, end, word.start, word.end) for word, (start, end) in said)
