"""What a synthesizer gives for a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from vocolab.audio import Audio
from vocolab.mels.mel import Mel
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
    source: str = ""
    """As it was written: "$12.50". Words of one number share it."""
    punctuation: str = ""
    """What stands after it."""

    def later(self, by_s: float) -> WordTime:
        """The same, `by_s` seconds later."""
        return replace(self, start_s=self.start_s + by_s, end_s=self.end_s + by_s)


@dataclass(frozen=True)
class PhonemeTime:
    """When a phoneme or a pause is said, in seconds from the start of the audio."""

    symbol: str
    start_s: float
    end_s: float
    word: int = -1
    """Which of the words it belongs to, counted from 0; -1 for a pause or a boundary that belongs to none."""

    def later(self, by_s: float, words: int = 0) -> PhonemeTime:
        """The same, `by_s` seconds later, and after so many more words."""
        word = self.word if self.word < 0 else self.word + words
        return PhonemeTime(self.symbol, self.start_s + by_s, self.end_s + by_s, word)


@dataclass(frozen=True, eq=False)
class Spoken:
    """The audio of a sentence, and when each of its words is said."""

    audio: Audio
    words: tuple[WordTime, ...] = ()
    phonemes: tuple[PhonemeTime, ...] = ()
    """Empty where the synthesizer does not tell."""
    mel: Mel | None = None
    """None where there is none on the way from the sentence to the audio."""

    def __repr__(self) -> str:
        return f"Spoken({self.audio.seconds:.3f} s, {len(self.words)} words)"


def word_times(sentence: Sentence, spans_s: Mapping[int, tuple[float, float]]) -> tuple[WordTime, ...]:
    """The times of a sentence's words, from the start and the end in seconds of each word's number."""
    said = ((sentence.words[number], span) for number, span in sorted(spans_s.items()))
    return tuple(
        WordTime(word.word, start, end, word.start, word.end, word.source, word.punctuation)
        for word, (start, end) in said
    )
