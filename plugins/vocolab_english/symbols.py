"""The symbols that an English acoustic model reads: ARPAbet with stress, between the marks that every language has.

Frozen: trained voices count on the order. Never reorder, rename or remove a symbol; a changed set is a new set with
a new name. A test pins the checksum.

| numbers | symbols | what |
|---|---|---|
| 0-6 | `<pad>` `<s>` `</s.>` `</s?>` `</s!>` `</s,>` `<w>` | padding, start and ends of a sentence, word boundary |
| 7-9 | `p1` `p2` `p3` | pauses of 60 ms, 200 ms, 450 ms and more |
| 10-33 | `B` ... `ZH` | the 24 consonants |
| 34-78 | `AA0` `AA1` ... `UW2` | the 15 vowels, each without stress, with primary and with secondary stress |

The phonemes are those of the CMU Pronouncing Dictionary.
"""

from __future__ import annotations

from vocolab.texts.symbols import PauseSymbol, SymbolSet

CONSONANTS = (
    "B", "CH", "D", "DH", "F", "G", "HH", "JH", "K", "L", "M", "N",
    "NG", "P", "R", "S", "SH", "T", "TH", "V", "W", "Y", "Z", "ZH",
)  # fmt: skip
VOWELS = ("AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW")
STRESSES = ("0", "1", "2")
"""None, primary, secondary."""

PHONEMES = CONSONANTS + tuple(vowel + stress for vowel in VOWELS for stress in STRESSES)
"""What a pronunciation may consist of: 24 consonants and 45 vowels with their stress."""

SYMBOLS = SymbolSet("arpabet-1", PHONEMES, (PauseSymbol("p1", 60), PauseSymbol("p2", 200), PauseSymbol("p3", 450)))


def is_vowel(phoneme: str) -> bool:
    """True for a vowel, with or without its stress digit."""
    return without_stress(phoneme) in VOWELS


def without_stress(phoneme: str) -> str:
    """The phoneme without its stress digit; consonants stay as they are."""
    return phoneme.rstrip("012")
