"""How voices number what they read: by the symbol set of a language, or by a table of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from vocolab.errors import InputError
from vocolab.texts.document import Sentence
from vocolab.texts.symbols import SymbolSequence, SymbolSet
from vocolab_fastspeech2.reading import WordStress, read

_PHONEME = "@"
_LEAST_PAUSE_MS = 60


class Reader(Protocol):
    """Makes symbols of a sentence."""

    pauses: frozenset[str]
    """The symbols that are pauses between words."""

    def read(self, sentence: Sentence) -> SymbolSequence:
        """The sentence as symbols.

        Raises:
            InputError: if the voice has no symbol for a phoneme.
        """
        ...


class SetReader:
    """Reads by a language's symbol set, with a start, an end and word boundaries."""

    def __init__(self, symbols: SymbolSet, stress: WordStress) -> None:
        self.symbols, self.stress = symbols, stress
        self.pauses = frozenset(pause.name for pause in symbols.pauses)

    def read(self, sentence: Sentence) -> SymbolSequence:
        """The sentence as symbols."""
        return read(sentence, self.symbols, self.stress)


class TableReader:
    """Reads phonemes by a table, `@AH0` or `@AH` for AH0, with one kind of pause and nothing else between words."""

    def __init__(self, table: Mapping[str, int], pause: str) -> None:
        self.table, self.pause = table, pause
        self.pauses = frozenset({pause.removeprefix(_PHONEME)})

    def read(self, sentence: Sentence) -> SymbolSequence:
        """The sentence as symbols."""
        names: list[str] = []
        words: list[int] = []
        last = max((number for number, word in enumerate(sentence.words) if word.phonemes), default=-1)
        for number, word in enumerate(sentence.words):
            names += [self._symbol(phoneme, word.word) for phoneme in word.phonemes]
            words += [number] * len(word.phonemes)
            if word.phonemes and word.pause_ms >= _LEAST_PAUSE_MS and number != last and self.pause in self.table:
                names.append(self.pause)
                words.append(-1)
        shown = tuple(name.removeprefix(_PHONEME) for name in names)
        return SymbolSequence(shown, tuple(self.table[name] for name in names), tuple(words))

    def _symbol(self, phoneme: str, word: str) -> str:
        for name in (_PHONEME + phoneme, _PHONEME + phoneme.rstrip("012")):
            if name in self.table:
                return name
        raise InputError(f"the voice has no symbol for {phoneme} of {word!r}; say the word with others, by a lexicon")
