"""The sounds of one word by itself: dictionary, word formation, letters, and at last the model."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from vocolab_english.compounds import compound
from vocolab_english.dictionary import Phonemes, cmudict
from vocolab_english.inflections import clitic, derived, inflected
from vocolab_english.letter_names import is_spelled, spelled
from vocolab_english.modern_words import MODERN_WORDS

LONGEST_WORD = 200
"""Letters; what is longer is no word, and is not said."""

_UNLIKE_LATIN = str.maketrans({
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "th", "þ": "th", "ı": "i", "ŋ": "ng",
    "’": "'", "ʼ": "'", "ʻ": "'",
})  # fmt: skip
_NAME_PREFIXES = {"mc": "M AH0 K", "mac": "M AH0 K", "o'": "OW0", "d'": "D", "l'": "L", "fitz": "F IH1 T S"}
_LONGEST_SPLIT_OFF = 3


class Sounds(NamedTuple):
    """What a word sounds like and how that is known."""

    phonemes: Phonemes
    how: str
    """"dictionary", "inflection", "compound", "letters", "names", "model"; empty where there are no sounds."""


@lru_cache(maxsize=20_000)
def word_sounds(written: str) -> Sounds:
    """The sounds of a word; capitals tell names and initials, accents are taken off."""
    word = latin(written)
    if not word or len(word) > LONGEST_WORD:
        return Sounds((), "")
    found = _known(word)
    if found.phonemes:
        return found
    if any(sign.isdigit() for sign in word):
        return _with_digits(word)
    if is_spelled(word, written):
        return Sounds(spelled(word), "letters")
    if "-" in word:
        return _joined(written)
    return _guessed(word, is_name=written[:1].isupper())


def latin(written: str) -> str:
    """A word in the letters a-z, digits, apostrophes and hyphens, in lower case; empty if no letter of it is Latin."""
    lower = written.lower().translate(_UNLIKE_LATIN)
    plain = unicodedata.normalize("NFKD", lower)
    word = re.sub(r"[^a-z0-9'-]", "", plain).strip("-")
    return word if word.strip("'-") else ""


def _listed(word: str) -> Phonemes:
    found = MODERN_WORDS.get(word)
    if found is None:
        pronunciations = cmudict()[word]
        found = pronunciations[0] if pronunciations else ()
    return found


def _known(word: str) -> Sounds:
    """From the dictionary, or from words of the dictionary."""
    ways: list[tuple[str, Callable[[str], Phonemes]]] = [
        ("dictionary", _listed),
        ("inflection", lambda one: clitic(one, _base)),
        ("inflection", lambda one: inflected(one, _listed)),
        ("inflection", lambda one: derived(one, _base)),
        ("compound", lambda one: compound(one, _base)),
    ]
    for how, way in ways:
        if phonemes := way(word):
            return Sounds(phonemes, how)
    return Sounds((), "")


def _base(word: str) -> Phonemes:
    """A word that may itself be inflected."""
    return _listed(word) or inflected(word, _listed)


def _guessed(word: str, *, is_name: bool) -> Sounds:
    """From the letters; the ending of a possessive or a contraction and the Mc of a name are split off first."""
    whole = clitic(word, lambda base: word_sounds(base).phonemes if len(base) > _LONGEST_SPLIT_OFF else ())
    if whole:
        return Sounds(whole, "model")
    for prefix, sounds in _NAME_PREFIXES.items():
        rest = word[len(prefix) :]
        if is_name and word.startswith(prefix) and len(rest) > _LONGEST_SPLIT_OFF:
            return Sounds((*sounds.split(), *(_base(rest) or _by_letters(rest))), "names")
    return Sounds(_by_letters(word), "names" if is_name else "model")


def _by_letters(word: str) -> Phonemes:
    from vocolab_english.letter_sounds import sounds_of  # numpy is loaded when the first unknown word comes

    return sounds_of(word)


def _with_digits(word: str) -> Sounds:
    """Runs of letters as words or letters, digits one by one: "b2b", "mp3", "x86"."""
    phonemes: Phonemes = ()
    for letters, digits in re.findall(r"([a-z']+)|([0-9]+)", word):
        known = _listed(letters) if len(letters) > _LONGEST_SPLIT_OFF else ()
        phonemes += known or spelled(letters or digits)
    return Sounds(phonemes, "letters")


def _joined(written: str) -> Sounds:
    """The words that hyphens join, one after another."""
    parts = [word_sounds(part) for part in written.split("-") if part]
    phonemes = tuple(phoneme for part in parts for phoneme in part.phonemes)
    return Sounds(phonemes, "model" if any(part.how == "model" for part in parts) else "compound")
