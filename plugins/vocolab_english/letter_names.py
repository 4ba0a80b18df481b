"""How letters, digits and words of consonants alone are said: by their names."""

from __future__ import annotations

from collections.abc import Iterable

from vocolab_english.dictionary import Phonemes

_NAMES = {
    "a": "EY1", "b": "B IY1", "c": "S IY1", "d": "D IY1", "e": "IY1", "f": "EH1 F", "g": "JH IY1", "h": "EY1 CH",
    "i": "AY1", "j": "JH EY1", "k": "K EY1", "l": "EH1 L", "m": "EH1 M", "n": "EH1 N", "o": "OW1", "p": "P IY1",
    "q": "K Y UW1", "r": "AA1 R", "s": "EH1 S", "t": "T IY1", "u": "Y UW1", "v": "V IY1",
    "w": "D AH1 B AH0 L Y UW0", "x": "EH1 K S", "y": "W AY1", "z": "Z IY1",
    "0": "Z IY1 R OW0", "1": "W AH1 N", "2": "T UW1", "3": "TH R IY1", "4": "F AO1 R", "5": "F AY1 V",
    "6": "S IH1 K S", "7": "S EH1 V AH0 N", "8": "EY1 T", "9": "N AY1 N",
}  # fmt: skip
NAMES: dict[str, Phonemes] = {sign: tuple(sounds.split()) for sign, sounds in _NAMES.items()}
"""The names of the letters, and of the digits as they are said one by one."""

_VOWEL_LETTERS = frozenset("aeiouy")
_LONGEST_SPELLED = 5


def spelled(signs: Iterable[str]) -> Phonemes:
    """The names of letters and digits one after another; the last has the primary stress: F, B, I."""
    named = [NAMES[sign] for sign in signs if sign in NAMES]
    weak = [tuple(one.replace("1", "2") for one in name) for name in named[:-1]]
    return tuple(phoneme for name in [*weak, *named[-1:]] for phoneme in name)


def is_spelled(word: str, written: str) -> bool:
    """Whether an unknown word is said letter by letter: it has no vowel, or it is a few capitals."""
    letters = [letter for letter in word if letter.isalpha()]
    if not letters or len(letters) > _LONGEST_SPELLED:
        return False
    no_vowel = not _VOWEL_LETTERS.intersection(letters)
    return no_vowel or (written.isupper() and len(letters) <= 3)
