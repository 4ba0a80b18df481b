"""The words that numbers are said with, as a homograph's context sees them; "first" and "second" say more than that."""

from __future__ import annotations

_TEENS = ("thir", "four", "fif", "six", "seven", "eigh", "nine")
_TENS = ("twen", "thir", "for", "fif", "six", "seven", "eigh", "nine")
_UNITS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_UNIT_ORDINALS = ("fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth")
_LARGE = ("hundred", "thousand", "million", "billion", "trillion")

_WORDS = frozenset(
    [
        *_UNITS, *_UNIT_ORDINALS, "zero",
        *(teen + ending for teen in _TEENS for ending in ("teen", "teenth")),
        *(ten + ending for ten in _TENS for ending in ("ty", "ties", "tieth")),
        *(large + ending for large in _LARGE for ending in ("", "s", "th")),
    ]
)  # fmt: skip


def is_number_word(word: str) -> bool:
    """Whether a word in lower case is part of how a number is said; digits count too."""
    return word in _WORDS or word[:1].isdigit()
