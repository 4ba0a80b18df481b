"""Languages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from vocolab.guarding import Origin, running
from vocolab.guarding.calls import broken
from vocolab.texts.document import Alphabet, Hint
from vocolab.texts.language import Lexicon, Pronunciation, Spoken


def methods(cls: Any, origin: Origin) -> dict[str, Any]:
    """What takes the place of the class's own methods."""

    def normalise(self: Any, text: str, hints: Sequence[Hint] = ()) -> list[Spoken]:
        with running(origin):
            words = cls.normalise(self, text, hints)
        _check_list(words, Spoken, origin, "normalise")
        _check_places(words, len(text), origin)
        return words  # type: ignore[no-any-return]

    def pronounce(self: Any, words: Sequence[Spoken], lexicon: Lexicon) -> list[Pronunciation]:
        with running(origin):
            sounds = cls.pronounce(self, words, lexicon)
        _check_list(sounds, Pronunciation, origin, "pronounce")
        if len(sounds) != len(words):
            raise broken(origin, f"gave {len(sounds)} pronunciations of {len(words)} words")
        if unknown := {phoneme for sound in sounds for phoneme in sound.phonemes} - set(self.symbols.phonemes):
            raise broken(origin, f"gave {sorted(unknown)[0]!r}, which is not in its symbol set {self.symbols.name}")
        return sounds  # type: ignore[no-any-return]

    def parse_phonemes(self: Any, text: str, alphabet: Alphabet) -> tuple[str, ...]:
        with running(origin):
            return tuple(cls.parse_phonemes(self, text, alphabet))

    def write_phonemes(self: Any, phonemes: Sequence[str], alphabet: Alphabet) -> str:
        with running(origin):
            return str(cls.write_phonemes(self, phonemes, alphabet))

    return {"normalise": normalise, "pronounce": pronounce, "parse_phonemes": parse_phonemes,
            "write_phonemes": write_phonemes}


def _check_places(words: Sequence[Spoken], length: int, origin: Origin) -> None:
    for word in words:
        if not 0 <= word.start <= word.end <= length:
            raise broken(origin, f"says that {word.word!r} stands at {word.start} to {word.end} of {length} characters")


def _check_list(given: object, kind: type, origin: Origin, method: str) -> None:
    if not isinstance(given, list) or not all(isinstance(one, kind) for one in given):
        raise broken(origin, f"{method} has to give a list of {kind.__name__}")
