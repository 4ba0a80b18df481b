"""Words that are written together from two words of the dictionary: "lighthousekeeper" is "lighthouse" and "keeper"."""

from __future__ import annotations

from vocolab_english.dictionary import Phonemes
from vocolab_english.inflections import Lookup
from vocolab_english.syllables import syllable_starts

SHORTEST_PART = 5
"""Letters. Of shorter parts the letter-to-sound model makes fewer errors: the dictionary's short words are surnames."""


def compound(word: str, lookup: Lookup) -> Phonemes:
    """The sounds of a word that is two words, the first with the stress; nothing if it is not.

    The longest first part counts: "newspaperstand" is "newspaper" and "stand".
    """
    for cut in range(len(word) - SHORTEST_PART, SHORTEST_PART - 1, -1):
        sounds, more = lookup(word[:cut]), lookup(word[cut:])
        if sounds and more:
            return sounds + _second_stress(more)
    return ()


def _second_stress(phonemes: Phonemes) -> Phonemes:
    """Primary stress becomes secondary, as the second part of a compound is said."""
    vowels = {vowel for _, vowel in syllable_starts(phonemes)}
    return tuple(one[:-1] + "2" if place in vowels and one[-1] == "1" else one for place, one in enumerate(phonemes))
