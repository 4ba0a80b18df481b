"""The language: every word sounds as it is spelled, every digit is a word. Put a real one in its place."""

from __future__ import annotations

import re
from collections.abc import Sequence

from vocolab import Options
from vocolab.errors import InputError
from vocolab.texts.document import Alphabet, Hint, Pronounced
from vocolab.texts.language import Lexicon, Pauses, Pronunciation, SplitRules, Spoken
from vocolab.texts.symbols import PauseSymbol, SymbolSet

LETTERS = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TOKEN = re.compile(r"[a-zA-Z]+|[0-9]")
_SIGNS = re.compile(r"[.,;:!?…]*")


class Spelled:
    """Writing in, words and sounds out."""

    tag = "art-x-first"
    symbols = SymbolSet("first-1", LETTERS, (PauseSymbol("p1", 60), PauseSymbol("p2", 400)))
    """Voices are trained on the numbers of these: never change a set, give a changed one a new name."""
    split_rules = SplitRules(titles=frozenset({"dr"}), openers=frozenset({"the"}))
    pauses = Pauses()

    def __init__(self, options: Options) -> None:
        self.options = options

    def normalise(self, text: str, hints: Sequence[Hint] = ()) -> list[Spoken]:
        """The words of a sentence as they are said, each with its span of `text`."""
        given = sorted((hint for hint in hints if isinstance(hint, Pronounced)), key=lambda hint: hint.span)
        spoken: list[Spoken] = []
        at = 0
        for hint in given:
            spoken += self._read(text, at, hint.span.start)
            start, at = hint.span.start, hint.span.end
            signs = self._signs(text, at)
            spoken.append(Spoken(text[start:at].lower(), start, at, punctuation=signs, phonemes=hint.phonemes,
                                 how=hint.how, written=text[start:at]))
        return spoken + self._read(text, at, len(text))

    def pronounce(self, words: Sequence[Spoken], lexicon: Lexicon) -> list[Pronunciation]:
        """The sounds of each word; what the text or the user's lexicon says wins."""
        found = []
        for word in words:
            known = lexicon.get(word.written) or lexicon.get(word.word)
            if word.phonemes:
                found.append(Pronunciation(word.phonemes, word.how))
            elif known:
                found.append(Pronunciation(known, "lexicon"))
            else:
                found.append(Pronunciation(tuple(word.word.upper()), "spelling"))
        return found

    def parse_phonemes(self, text: str, alphabet: Alphabet) -> tuple[str, ...]:
        """Phonemes that a user wrote, as symbols of this language."""
        parts = text.upper().split() if alphabet == "x-arpabet" else list(text.upper())
        for part in parts:
            if part not in LETTERS:
                raise InputError(f"unknown phoneme {part!r}; there are the letters A to Z")
        return tuple(parts)

    def write_phonemes(self, phonemes: Sequence[str], alphabet: Alphabet) -> str:
        """Symbols of this language in an alphabet."""
        return " ".join(phonemes) if alphabet == "x-arpabet" else "".join(phonemes).lower()

    def _read(self, text: str, start: int, end: int) -> list[Spoken]:
        spoken = []
        for match in _TOKEN.finditer(text, start, end):
            digit = match[0].isdigit()
            word = _DIGITS[int(match[0])] if digit else match[0].lower()
            spoken.append(Spoken(word, *match.span(), "digit" if digit else "plain",
                                 punctuation=self._signs(text, match.end()), written="" if digit else match[0]))
        return spoken

    def _signs(self, text: str, at: int) -> str:
        match = _SIGNS.match(text, at)
        return match[0] if match else ""
