"""The symbols that a language's voices are trained on: phonemes, pauses by length, boundaries, in a fixed order.

A symbol's number is its place in that order, so a set never changes once voices were trained on it: a changed set
gets a new name. The checksum is kept with a voice and holds both to it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from vocolab.errors import InputError
from vocolab.texts.document import Sentence

PADDING = "<pad>"
"""Always number 0."""
START = "<s>"
"""Before the first word of a sentence."""
ENDS = {".": "</s.>", "?": "</s?>", "!": "</s!>", ",": "</s,>"}
"""After the last word, by how the sentence ends; the comma is a clause of a sentence that goes on."""
BOUNDARY = "<w>"
"""Between two words without a pause."""


@dataclass(frozen=True, slots=True)
class PauseSymbol:
    """A pause of at least so many milliseconds, up to the next longer symbol's."""

    name: str
    from_ms: int


@dataclass(frozen=True)
class SymbolSequence:
    """A sentence as a model reads it."""

    names: tuple[str, ...]
    ids: tuple[int, ...]
    words: tuple[int, ...]
    """For each symbol the number of the word that it belongs to; -1 for boundaries and pauses."""


@dataclass(frozen=True)
class SymbolSet:
    """Named symbols with numbers: `<pad> <s> </s.> </s?> </s!> </s,> <w>`, the pauses, then the phonemes."""

    name: str
    """With a version at its end, "arpabet-1"."""
    phonemes: tuple[str, ...]
    pauses: tuple[PauseSymbol, ...]
    """The shortest first."""

    def __post_init__(self) -> None:
        if len(set(self.names)) != len(self.names):
            raise ValueError(f"{self.name}: a symbol is named twice")
        if not self.pauses or [pause.from_ms for pause in self.pauses] != sorted({p.from_ms for p in self.pauses}):
            raise ValueError(f"{self.name}: the pauses have to be one or more, the shortest first")

    @cached_property
    def names(self) -> tuple[str, ...]:
        """All symbols; a symbol's number is its place here."""
        return (PADDING, START, *ENDS.values(), BOUNDARY, *(pause.name for pause in self.pauses), *self.phonemes)

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each symbol."""
        return {name: number for number, name in enumerate(self.names)}

    @cached_property
    def checksum(self) -> str:
        """The first 16 digits of the SHA-256 of the names and the pauses' lengths, in order."""
        lengths = [str(pause.from_ms) for pause in self.pauses]
        return hashlib.sha256("\n".join([*self.names, *lengths]).encode()).hexdigest()[:16]

    def __len__(self) -> int:
        return len(self.names)

    def pause(self, ms: int) -> str:
        """The symbol for a pause of `ms`; `<w>` for one that is shorter than the shortest."""
        fitting = [pause.name for pause in self.pauses if pause.from_ms <= ms]
        return fitting[-1] if fitting else BOUNDARY

    def ids(self, names: Iterable[str]) -> tuple[int, ...]:
        """Their numbers.

        Raises:
            InputError: if one is unknown; names it.
        """
        try:
            return tuple(self.numbers[name] for name in names)
        except KeyError as error:
            raise InputError(f"the symbol set {self.name} has no symbol {error.args[0]!r}") from None

    def sequence(self, sentence: Sentence) -> SymbolSequence:
        """A sentence as symbols: start, phonemes with a boundary or a pause between words, end.

        Words that have no sound are left out.

        Raises:
            InputError: if a word has a phoneme that is not of this set.
        """
        names, owners = [START], [-1]
        if sentence.pause_before_ms and self.pause(sentence.pause_before_ms) != BOUNDARY:
            names.append(self.pause(sentence.pause_before_ms))
            owners.append(-1)
        said = [(number, word) for number, word in enumerate(sentence.words) if word.phonemes]
        for place, (number, word) in enumerate(said):
            names.extend(word.phonemes)
            owners.extend([number] * len(word.phonemes))
            if place + 1 < len(said):
                names.append(self.pause(word.pause_ms))
                owners.append(-1)
        names.append(ENDS[sentence.ending])
        owners.append(-1)
        return SymbolSequence(tuple(names), self.ids(names), tuple(owners))
