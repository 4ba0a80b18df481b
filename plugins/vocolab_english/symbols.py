"""The symbols that an English acoustic model reads. Frozen: trained voices count on their order.

A symbol's id is its place in `SYMBOLS`. Never reorder, rename or remove one; a new symbol goes to the end, and
`CHECKSUM` changes with it, so that a voice can tell which set it was trained with.

| ids | symbols | what |
|---|---|---|
| 0 | `_` | padding; never spoken, never inside a sentence |
| 1 | `^` | a sentence begins |
| 2-4 | `.` `?` `!` | a sentence ends: statement, question, exclamation |
| 5 | `|` | a word ends and the next begins, without a pause |
| 6-8 | `p1` `p2` `p3` | a pause: short, medium, long |
| 9-32 | `B` ... `ZH` | the 24 consonants of ARPAbet |
| 33-77 | `AA0` `AA1` ... `UW2` | the 15 vowels, each without stress, with primary and with secondary stress |

A sentence is `^`, its words with one `|` or one pause between two of them, and one of the three ends:
`^ HH AH0 L OW1 p1 W ER1 L D !`.
"""

from __future__ import annotations

import hashlib

PADDING = "_"
SENTENCE_START = "^"
SENTENCE_ENDS = (".", "?", "!")
"""Statement, question, exclamation."""
WORD_BOUNDARY = "|"
PAUSES = ("p1", "p2", "p3")
"""Short, medium and long; `pause` chooses by length."""

PAUSE_LIMITS_MS = (150.0, 400.0)
"""Up to the first a pause is short, up to the second it is medium, and beyond it is long."""

CONSONANTS = (
    "B", "CH", "D", "DH", "F", "G", "HH", "JH", "K", "L", "M", "N",
    "NG", "P", "R", "S", "SH", "T", "TH", "V", "W", "Y", "Z", "ZH",
)  # fmt: skip
VOWELS = ("AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW")
STRESSES = ("0", "1", "2")
"""None, primary, secondary."""

PHONEMES = CONSONANTS + tuple(vowel + stress for vowel in VOWELS for stress in STRESSES)
"""What a dictionary entry may consist of: 24 consonants and 45 vowels with their stress."""

SYMBOLS = (PADDING, SENTENCE_START, *SENTENCE_ENDS, WORD_BOUNDARY, *PAUSES, *PHONEMES)

SYMBOL_IDS = {symbol: index for index, symbol in enumerate(SYMBOLS)}

CHECKSUM = hashlib.sha256("\n".join(SYMBOLS).encode("ascii")).hexdigest()
"""Names this very set, in this order; it goes into the voice beside the symbols."""


def pause(length_ms: float) -> str:
    """The symbol of a pause that lasts `length_ms`, for text that states a pause and for aligners that measured one."""
    short_ms, medium_ms = PAUSE_LIMITS_MS
    if length_ms <= short_ms:
        return PAUSES[0]
    return PAUSES[1] if length_ms <= medium_ms else PAUSES[2]


def is_vowel(phoneme: str) -> bool:
    """True for a vowel, with or without its stress digit."""
    return phoneme.rstrip("012") in VOWELS


def without_stress(phoneme: str) -> str:
    """The phoneme without its stress digit; consonants stay as they are."""
    return phoneme.rstrip("012")
