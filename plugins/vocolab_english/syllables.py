"""Where syllables start: before as many consonants as an English word may begin with."""

from __future__ import annotations

from collections.abc import Sequence

from vocolab_english.symbols import CONSONANTS, is_vowel

_CLUSTERS = (
    "P L", "P R", "P Y", "B L", "B R", "B Y", "T R", "T W", "D R", "D W", "K L", "K R", "K W", "K Y", "G L", "G R",
    "G W", "F L", "F R", "F Y", "V Y", "TH R", "TH W", "SH R", "HH Y", "M Y", "S P", "S T", "S K", "S F", "S M", "S N",
    "S L", "S W", "S P L", "S P R", "S P Y", "S T R", "S K R", "S K W", "S K Y", "SH L", "SH M", "SH N",
)  # fmt: skip
_ONSETS = frozenset([(), *(tuple(cluster.split()) for cluster in _CLUSTERS)]) | {
    (consonant,) for consonant in CONSONANTS if consonant != "NG"
}


def syllable_starts(phonemes: Sequence[str]) -> list[tuple[int, int]]:
    """For each syllable the place of its first phoneme and that of its vowel."""
    found: list[tuple[int, int]] = []
    last_vowel = -1
    for place, phoneme in enumerate(phonemes):
        if is_vowel(phoneme):
            start = 0 if last_vowel < 0 else _onset(phonemes, last_vowel + 1, place)
            found.append((start, place))
            last_vowel = place
    return found


def _onset(phonemes: Sequence[str], first: int, vowel: int) -> int:
    """Where the longest onset before a vowel starts, no earlier than `first`."""
    return next(start for start in range(first, vowel + 1) if tuple(phonemes[start:vowel]) in _ONSETS)
