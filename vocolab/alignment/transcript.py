"""What is said in a clip, as one sequence of symbols."""

from __future__ import annotations

from dataclasses import dataclass, replace

from vocolab.errors import InputError
from vocolab.texts.document import Word
from vocolab.texts.opening import speak
from vocolab.texts.speaking import Speaker


@dataclass(frozen=True)
class Transcript:
    """The symbols of a clip from `<s>` to its end, however many sentences it has."""

    symbols: tuple[str, ...]
    owners: tuple[int, ...]
    """For each symbol the number of its word in `words`, -1 for boundaries and pauses."""
    words: tuple[str, ...]
    """As they are said: "twelve"."""
    assumed: tuple[str, ...] = ()
    """What was decided in reading the text, one line each."""


def read_transcript(speaker: Speaker, text: str) -> Transcript:
    """The symbols of what is said in a clip; between its sentences stands a pause.

    Raises:
        InputError: if nothing of the text can be said.
    """
    sentences = [sentence for sentence in speak(speaker, text, "plain").sentences if sentence.words]
    words: list[Word] = [word for sentence in sentences for word in sentence.words if word.phonemes]
    if not words:
        raise InputError(f"{text!r} has no word that can be said")
    sequence = speaker.language.symbols.sequence(replace(sentences[-1], words=tuple(words), pause_before_ms=0))
    assumed = tuple(line for sentence in sentences for line in sentence.assumed)
    return Transcript(sequence.names, sequence.words, tuple(word.word for word in words), assumed)
