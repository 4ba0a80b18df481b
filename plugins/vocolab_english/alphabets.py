"""Phonemes as people write them: ARPAbet, the IPA and X-SAMPA, to and from the symbols of the plugin.

What English lacks is taken for its nearest sound, as a reader of English would: the French u for UW. What is no
phoneme at all is refused.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from vocolab.errors import InputError
from vocolab.texts.document import Alphabet
from vocolab_english.alphabet_tables import (
    ARPABET_OTHERS,
    IPA,
    IPA_IGNORED,
    IPA_OTHERS,
    IPA_STRESSES,
    IPA_UNSTRESSED,
    XSAMPA_TO_IPA,
)
from vocolab_english.syllables import syllable_starts
from vocolab_english.symbols import CONSONANTS, PHONEMES, VOWELS

_FROM_IPA: Mapping[str, tuple[str, ...]] = {
    **IPA_OTHERS,
    **{ipa: (phoneme.rstrip("0"),) for phoneme, ipa in IPA_UNSTRESSED.items()},
    **{ipa: (phoneme,) for phoneme, ipa in IPA.items()},
}
_LONGEST_IPA = max(map(len, _FROM_IPA))
_TO_XSAMPA = sorted(((ipa, sampa) for sampa, ipa in XSAMPA_TO_IPA.items()), key=lambda pair: -len(pair[0]))
_LONGEST_XSAMPA = max(map(len, XSAMPA_TO_IPA))


def parse_phonemes(text: str, alphabet: Alphabet) -> tuple[str, ...]:
    """Phonemes that a user wrote, as symbols of the plugin: `"HH AH0 L OW1"`, `"həˈloʊ"`, `"h@\\"loU"`.

    A vowel without a mark has no stress; where no vowel has one, the first gets the primary stress.

    Raises:
        InputError: if one is unknown, or there is none; names it, and what is near it.
    """
    if alphabet == "x-arpabet":
        found = _from_arpabet(text)
    else:
        found = _from_ipa(_ipa_of_xsampa(text) if alphabet == "x-sampa" else text)
    if not found:
        raise InputError(f"{text!r} has no phoneme in it; write some, such as {write_phonemes(_EXAMPLE, alphabet)!r}")
    return _with_stress(found)


def write_phonemes(phonemes: Sequence[str], alphabet: Alphabet) -> str:
    """Symbols of the plugin in an alphabet; `parse_phonemes` reads the same phonemes from it.

    Raises:
        InputError: if one of them is no phoneme.
    """
    if unknown := [phoneme for phoneme in phonemes if phoneme not in PHONEMES]:
        raise _unknown(unknown[0], " ".join(phonemes), PHONEMES)
    if alphabet == "x-arpabet":
        return " ".join(phonemes)
    ipa = _to_ipa(phonemes)
    return _xsampa_of_ipa(ipa) if alphabet == "x-sampa" else ipa


_EXAMPLE = ("HH", "AH0", "L", "OW1")


def _from_arpabet(text: str) -> list[str]:
    found: list[str] = []
    for written in text.split():
        symbol = written.upper()
        bare = symbol.rstrip("012")
        if symbol in PHONEMES or symbol in VOWELS:
            found.append(symbol)
        elif bare in ARPABET_OTHERS and len(symbol) - len(bare) <= 1:
            digit = symbol[len(bare) :]
            found.extend(one + digit if one in VOWELS else one for one in ARPABET_OTHERS[bare].split())
        else:
            raise _unknown(written, text, [*PHONEMES, *VOWELS])
    return found


def _from_ipa(text: str) -> list[str]:
    letters = unicodedata.normalize("NFD", text)
    found: list[str] = []
    stress, at = "", 0
    while at < len(letters):
        letter = letters[at]
        at += 1
        if letter in IPA_STRESSES:
            stress = IPA_STRESSES[letter]
        elif letter not in IPA_IGNORED and not letter.isspace():
            length = _ipa_length(letters, at - 1)
            if not length:
                raise _unknown(letter, text, [ipa for ipa in _FROM_IPA if len(ipa) == 1])
            for phoneme in _FROM_IPA[letters[at - 1 : at - 1 + length]]:
                found.append(phoneme + stress if phoneme in VOWELS else phoneme)
                stress = "" if phoneme in VOWELS else stress
            at += length - 1
    return found


def _ipa_length(letters: str, at: int) -> int:
    """How many letters at this place are one sound; 0 if none are."""
    longest = min(_LONGEST_IPA, len(letters) - at)
    return next((n for n in range(longest, 0, -1) if letters[at : at + n] in _FROM_IPA), 0)


def _with_stress(phonemes: Iterable[str]) -> tuple[str, ...]:
    """Every vowel with a digit; the first vowel gets the primary stress if none has any."""
    found = list(phonemes)
    if not any(phoneme[-1] in "012" for phoneme in found):
        first = next((place for place, phoneme in enumerate(found) if phoneme in VOWELS), None)
        if first is not None:
            found[first] += "1"
    return tuple(phoneme + "0" if phoneme in VOWELS else phoneme for phoneme in found)


def _to_ipa(phonemes: Sequence[str]) -> str:
    marks = {place: phonemes[vowel][-1] for place, vowel in syllable_starts(phonemes)}
    written = []
    for place, phoneme in enumerate(phonemes):
        written.append({"1": "ˈ", "2": "ˌ"}.get(marks.get(place, ""), ""))
        written.append(IPA_UNSTRESSED.get(phoneme) or IPA[phoneme.rstrip("012")])
    return "".join(written)


def _ipa_of_xsampa(text: str) -> str:
    ipa, at = "", 0
    while at < len(text):
        longest = min(_LONGEST_XSAMPA, len(text) - at)
        length = next((n for n in range(longest, 0, -1) if text[at : at + n] in XSAMPA_TO_IPA), 0)
        if not length and not text[at].isspace():
            raise _unknown(text[at], text, XSAMPA_TO_IPA)
        ipa += XSAMPA_TO_IPA.get(text[at : at + length], "")
        at += length or 1
    return ipa


def _xsampa_of_ipa(ipa: str) -> str:
    for symbol, sampa in _TO_XSAMPA:
        if not symbol.isascii():
            ipa = ipa.replace(symbol, sampa)
    return ipa


def _unknown(symbol: str, text: str, allowed: Iterable[str]) -> InputError:
    near = difflib.get_close_matches(symbol.upper() if symbol.isascii() else symbol, list(allowed), n=3, cutoff=0.4)
    hint = f"; near it {'is' if len(near) == 1 else 'are'} {', '.join(near)}" if near else ""
    known = f"the phonemes are {', '.join(CONSONANTS + VOWELS)}, vowels with 0, 1 or 2 for stress"
    return InputError(f"{symbol!r} in {text!r} is no phoneme of English{hint or '; ' + known}")
