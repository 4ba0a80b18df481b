"""What a language plugin implements: how writing becomes words, and words become sounds.

A language is built as `Class(options)`, with an instance of its spec's options class, and takes one sentence at a
time. Offsets are code points of the text that it is given; the core carries them back to the user's input.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias, runtime_checkable

from vocolab.texts.document import Alphabet, Hint
from vocolab.texts.symbols import SymbolSet

Lexicon: TypeAlias = Mapping[str, tuple[str, ...]]
"""A user's words with their phonemes. A word in lower case is meant in any case, another only as it is written."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """One word that the normaliser gives, with the span of the given text that it came from."""

    word: str
    """In lower case, without digits: "twelve", "o'clock". A letter that is named is that letter: "f"."""
    start: int
    end: int
    kind: str = "plain"
    """What the writing was read as: "plain", "cardinal", "ordinal", "date", "time", "money", "letters" ..."""
    letter: bool = False
    """Whether the word is the name of a letter: the "a" of "A.M.", not the article."""
    punctuation: str = ""
    """The signs after it that steer the voice: any of `, ; : . ? ! …` and dashes, as written."""
    phonemes: tuple[str, ...] = ()
    """Given by a `Pronounced` hint; the pronouncer keeps them."""
    how: str = ""
    """With `phonemes`: who gave them."""
    role: str = ""
    """Given by a `Role` hint."""
    assumed: str = ""
    """What was decided that could be meant otherwise, in one line: "03/04 read month first". Once a decision."""
    written: str = ""
    """The word with its capitals, "Reading", which tell the town from the pastime; empty if written otherwise."""


@dataclass(frozen=True, slots=True)
class Pronunciation:
    """What the pronouncer gives for one word."""

    phonemes: tuple[str, ...]
    """Symbols of `Language.symbols`; empty if the language has no sound for the word."""
    how: str
    """"given", "lexicon", "dictionary", "inflection", "compound", "homograph", "letters", "names", "model" ..."""
    assumed: str = ""
    """What was decided that could be meant otherwise, in one line; empty for what is certain."""


@dataclass(frozen=True)
class SplitRules:
    """What the sentence splitter has to know of a language. All words are in lower case and without the full stop."""

    titles: frozenset[str] = frozenset()
    """Abbreviations that are never the last word of a sentence: "dr", "mrs", "prof"."""
    abbreviations: frozenset[str] = frozenset()
    """Abbreviations that may end one: "etc", "inc", "a.m". They do if a word that opens sentences follows."""
    before_numbers: frozenset[str] = frozenset()
    """Abbreviations that end no sentence if a digit follows: "no", "p", "fig"."""
    openers: frozenset[str] = frozenset()
    """Words that, with a capital, open a sentence rather than go on with a name: "the", "he", "but"."""
    clause_words: frozenset[str] = frozenset()
    """Words before which a long sentence may be cut: "and", "which", "because"."""


DEFAULT_PAUSES_MS: Mapping[str, int] = {
    ",": 150, ";": 250, ":": 250, "\N{EN DASH}": 200, "—": 200, "…": 350, ".": 450, "?": 450, "!": 450,
}  # fmt: skip
"""Silence after a word with this sign; the longest counts where there are several."""


@dataclass(frozen=True)
class Pauses:
    """How long a language's voices rest, in milliseconds, unless the text says otherwise."""

    signs_ms: Mapping[str, int] = field(default_factory=lambda: DEFAULT_PAUSES_MS)
    paragraph_ms: int = 700


@runtime_checkable
class Language(Protocol):
    """A language that texts can be spoken in."""

    tag: str
    """BCP 47: "en-US"."""
    symbols: SymbolSet
    split_rules: SplitRules
    pauses: Pauses

    def normalise(self, text: str, hints: Sequence[Hint] = ()) -> list[Spoken]:
        """The words of one sentence as they are said, in order, each with its span of `text`.

        Never raises for what a user may write: what can't be said gives no word. Linear in the length of `text`.
        """
        ...

    def pronounce(self, words: Sequence[Spoken], lexicon: Lexicon) -> list[Pronunciation]:
        """The sounds of each word of a sentence, as many as there are words. The lexicon wins, also with an ending."""
        ...

    def parse_phonemes(self, text: str, alphabet: Alphabet) -> tuple[str, ...]:
        """Phonemes that a user wrote, as symbols of this language: `"həˈloʊ"`, `"HH AH0 L OW1"`.

        Raises:
            InputError: if one is unknown; names it, and what is near it.
        """
        ...

    def write_phonemes(self, phonemes: Sequence[str], alphabet: Alphabet) -> str:
        """Symbols of this language in an alphabet."""
        ...
