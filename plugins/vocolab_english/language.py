"""English as the core sees it: the normaliser and the pronouncer behind `vocolab.texts.language.Language`."""

from __future__ import annotations

from collections.abc import Sequence

from vocolab.texts.document import Alphabet, Hint
from vocolab.texts.language import Lexicon, Pauses, Pronunciation, Spoken
from vocolab_english import alphabets
from vocolab_english.normaliser import normalise
from vocolab_english.options import EnglishOptions
from vocolab_english.pronouncer import pronounce
from vocolab_english.split_rules import split_rules
from vocolab_english.symbols import SYMBOLS


class English:
    """American English."""

    tag = "en-US"
    symbols = SYMBOLS
    pauses = Pauses()

    def __init__(self, options: EnglishOptions | None = None) -> None:
        self.options = options or EnglishOptions()
        self.split_rules = split_rules()

    def normalise(self, text: str, hints: Sequence[Hint] = ()) -> list[Spoken]:
        """The words of a sentence as they are said."""
        return normalise(text, hints, self.options)

    def pronounce(self, words: Sequence[Spoken], lexicon: Lexicon) -> list[Pronunciation]:
        """The sounds of each word of a sentence."""
        return pronounce(words, lexicon)

    def parse_phonemes(self, text: str, alphabet: Alphabet) -> tuple[str, ...]:
        """Phonemes that a user wrote, as ARPAbet symbols."""
        return alphabets.parse_phonemes(text, alphabet)

    def write_phonemes(self, phonemes: Sequence[str], alphabet: Alphabet) -> str:
        """ARPAbet symbols in an alphabet."""
        return alphabets.write_phonemes(phonemes, alphabet)
