"""How a voice reads a sentence: its symbols, some words with another stress than their dictionary's.

A dictionary writes "for" as F AO1 R, like "four". A voice that learned from speech in which small words are not
stressed needs them apart: it reads "for" as F AO0 R. Which words those are belongs to the voice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from vocolab.texts.document import Sentence, Word
from vocolab.texts.symbols import BOUNDARY, SymbolSequence, SymbolSet

KEPT = ("given", "lexicon")
"""Phonemes that a user stated are read as they are."""


@dataclass(frozen=True)
class WordStress:
    """Words of one syllable by the stress digit that their vowel is read with."""

    everywhere: Mapping[str, str] = field(default_factory=dict)
    inside: Mapping[str, str] = field(default_factory=dict)
    """Only where no pause follows: "I can do it", and "yes, I can"."""


def read(sentence: Sentence, symbols: SymbolSet, stress: WordStress) -> SymbolSequence:
    """The sentence as the voice's network reads it.

    Raises:
        InputError: if a word has a phoneme that is not of the set.
    """
    if stress.everywhere or stress.inside:
        sentence = replace(sentence, words=tuple(_weakened(sentence, symbols, stress)))
    return symbols.sequence(sentence)


def _weakened(sentence: Sentence, symbols: SymbolSet, stress: WordStress) -> Iterator[Word]:
    last = max((number for number, word in enumerate(sentence.words) if word.phonemes), default=-1)
    for number, word in enumerate(sentence.words):
        rests = number == last or symbols.pause(word.pause_ms) != BOUNDARY
        digit = stress.everywhere.get(word.word) or (None if rests else stress.inside.get(word.word))
        yield word if digit is None or word.how in KEPT else replace(word, phonemes=with_stress(word.phonemes, digit))


def with_stress(phonemes: tuple[str, ...], digit: str) -> tuple[str, ...]:
    """The phonemes with this digit at their vowel, where they have one; else as they are."""
    vowels = [place for place, phoneme in enumerate(phonemes) if phoneme[-1].isdigit()]
    if len(vowels) != 1:
        return phonemes
    return tuple(p[:-1] + digit if place == vowels[0] else p for place, p in enumerate(phonemes))
