"""A language of letters: every word sounds as it is spelled, every digit is a word. For tests of the core."""

from __future__ import annotations

import re
from collections.abc import Sequence

from vocolab.errors import InputError
from vocolab.options import Options
from vocolab.texts.document import Alphabet, Hint, Pronounced, Role, SayAs
from vocolab.texts.language import Lexicon, Pauses, Pronunciation, SplitRules, Spoken
from vocolab.texts.symbols import PauseSymbol, SymbolSet

_TOKEN = re.compile(r"[a-zA-Z]+|\d")
_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_SIGNS = re.compile(r"[.,;:!?…]*")
LETTERS = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


class TinyLanguage:
    tag = "en-US"
    symbols = SymbolSet("letters-1", LETTERS, (PauseSymbol("p1", 60), PauseSymbol("p2", 400)))
    split_rules = SplitRules(titles=frozenset({"dr"}), openers=frozenset({"the"}), clause_words=frozenset({"and"}))
    pauses = Pauses()

    def __init__(self, options: Options | None = None) -> None:
        self.options = options

    def normalise(self, text: str, hints: Sequence[Hint] = ()) -> list[Spoken]:
        given = sorted((h for h in hints if isinstance(h, Pronounced)), key=lambda hint: hint.span)
        spoken: list[Spoken] = []
        at = 0
        for hint in given:
            spoken += self._read(text, at, hint.span.start, hints)
            start, at = hint.span.start, hint.span.end
            spoken.append(
                Spoken(text[start:at].lower(), start, at, punctuation=self._signs(text, at), phonemes=hint.phonemes,
                       how=hint.how, written=text[start:at])
            )  # fmt: skip
        return spoken + self._read(text, at, len(text), hints)

    def pronounce(self, words: Sequence[Spoken], lexicon: Lexicon) -> list[Pronunciation]:
        found = []
        for word in words:
            if word.phonemes:
                found.append(Pronunciation(word.phonemes, word.how))
            elif known := lexicon.get(word.written) or lexicon.get(word.word):
                found.append(Pronunciation(known, "lexicon"))
            else:
                found.append(Pronunciation(tuple(word.word.upper()), "spelling"))
        return found

    def parse_phonemes(self, text: str, alphabet: Alphabet) -> tuple[str, ...]:
        parts = text.upper().split() if alphabet == "x-arpabet" else list(text.upper())
        for part in parts:
            if part not in LETTERS and not (alphabet == "ipa" and part == "Ə"):
                raise InputError(f"unknown phoneme {part!r}")
        return tuple("A" if part == "Ə" else part for part in parts)

    def write_phonemes(self, phonemes: Sequence[str], alphabet: Alphabet) -> str:
        return " ".join(phonemes) if alphabet == "x-arpabet" else "".join(phonemes).lower()

    def _read(self, text: str, start: int, end: int, hints: Sequence[Hint]) -> list[Spoken]:
        spoken = []
        for match in _TOKEN.finditer(text, start, end):
            first, last = match.span()
            word = _DIGITS[int(match[0])] if match[0].isdigit() else match[0].lower()
            here = [hint for hint in hints if hint.span.start <= first < hint.span.end]
            kind = next((hint.interpret_as for hint in here if isinstance(hint, SayAs)), "")
            role = next((hint.role for hint in here if isinstance(hint, Role)), "")
            spoken.append(
                Spoken(word, first, last, kind or ("digit" if match[0].isdigit() else "plain"),
                       punctuation=self._signs(text, last), role=role,
                       written=match[0] if match[0].isalpha() else "")
            )  # fmt: skip
        return spoken

    def _signs(self, text: str, at: int) -> str:
        match = _SIGNS.match(text, at)
        return match[0] if match else ""
