"""ming024's table of symbols, in its order: an English model has the letters and the Mandarin symbols in it too."""

from __future__ import annotations

from string import ascii_letters

_CONSONANTS = (
    "B", "CH", "D", "DH", "F", "G", "HH", "JH", "K", "L", "M", "N", "NG", "P", "R", "S", "SH", "T", "TH", "V", "W", "Y",
    "Z", "ZH",
)  # fmt: skip
_VOWELS = ("AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW")
_INITIALS = (
    "b", "c", "ch", "d", "f", "g", "h", "j", "k", "l", "m", "n", "p", "q", "r", "s", "sh", "t", "w", "x", "y", "z",
    "zh",
)  # fmt: skip
_FINALS = (
    "a", "ai", "an", "ang", "ao", "e", "ei", "en", "eng", "er", "i", "ia", "ian", "iang", "iao", "ie", "ii", "iii",
    "in", "ing", "iong", "iou", "o", "ong", "ou", "u", "ua", "uai", "uan", "uang", "uei", "uen", "uo", "v", "van",
    "ve", "vn",
)  # fmt: skip
_ARPABET = sorted([*_CONSONANTS, *(vowel + stress for vowel in _VOWELS for stress in ("", "0", "1", "2"))])
_PINYIN = [*_INITIALS, *(final + tone for final in _FINALS for tone in "12345"), "rr"]

PAUSE = "@sp"
SYMBOLS = ("_", "-", *"!'(),.:;? ", *ascii_letters[26:], *ascii_letters[:26],
           *("@" + symbol for symbol in (*_ARPABET, *_PINYIN, "sp", "spn", "sil")))
"""A symbol's number is its place."""
