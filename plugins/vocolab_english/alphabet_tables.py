"""The tables of `alphabets`: what a symbol of one alphabet is in another."""

from __future__ import annotations

IPA = {
    "AA": "ɑ", "AE": "æ", "AH": "ʌ", "AO": "ɔ", "AW": "aʊ", "AY": "aɪ", "EH": "ɛ", "ER": "ɝ", "EY": "eɪ", "IH": "ɪ",
    "IY": "i", "OW": "oʊ", "OY": "ɔɪ", "UH": "ʊ", "UW": "u",
    "B": "b", "CH": "tʃ", "D": "d", "DH": "ð", "F": "f", "G": "ɡ", "HH": "h", "JH": "dʒ", "K": "k", "L": "l", "M": "m",
    "N": "n", "NG": "ŋ", "P": "p", "R": "ɹ", "S": "s", "SH": "ʃ", "T": "t", "TH": "θ", "V": "v", "W": "w", "Y": "j",
    "Z": "z", "ZH": "ʒ",
}  # fmt: skip
IPA_UNSTRESSED = {"AH0": "ə", "ER0": "ɚ"}
IPA_STRESSES = {"ˈ": "1", "'": "1", "ˌ": "2"}
IPA_IGNORED = frozenset("ːˑ.-‿|͜͡ʰʲˠ̩̯̥̃ʼ")
"""Length, ties, syllables and details that English does not tell apart."""
IPA_OTHERS = {
    "a": ("AA",), "ɐ": ("AH",), "ɒ": ("AA",), "e": ("EY",), "o": ("OW",), "əʊ": ("OW",), "ɛɪ": ("EY",), "ɨ": ("IH",),
    "ɪə": ("IH", "AH"), "iə": ("IY", "AH"), "eə": ("EH", "AH"), "ɛə": ("EH", "AH"), "ʊə": ("UH", "AH"),
    "ɜ": ("ER",), "ɜɹ": ("ER",), "ɜr": ("ER",), "ɜːɹ": ("ER",), "ɜːr": ("ER",), "əɹ": ("ER",), "ər": ("ER",),
    "ɝɹ": ("ER",), "ɚɹ": ("ER", "R"), "ʉ": ("UW",), "y": ("UW",), "ø": ("ER",), "œ": ("ER",), "ɤ": ("UH",),
    "ɯ": ("UW",), "ɔː": ("AO",), "aj": ("AY",), "aw": ("AW",), "ej": ("EY",), "ow": ("OW",),
    "g": ("G",), "r": ("R",), "ɾ": ("T",), "ʧ": ("CH",), "ʤ": ("JH",), "t͡ʃ": ("CH",), "d͡ʒ": ("JH",), "ɫ": ("L",),
    "ʍ": ("W",), "x": ("K",), "χ": ("K",), "ɣ": ("G",), "β": ("V",), "ʁ": ("R",), "ʀ": ("R",), "ɲ": ("N", "Y"),
    "ʎ": ("L", "Y"), "ç": ("HH",), "ɸ": ("F",), "ɦ": ("HH",), "ʂ": ("SH",), "ɕ": ("SH",), "ʐ": ("ZH",), "ʑ": ("ZH",),
    "ts": ("T", "S"), "c": ("K",), "ʋ": ("V",), "ɻ": ("R",), "ʔ": ("T",), "ɱ": ("M",), "ɬ": ("L",),
}  # fmt: skip
"""What is no English phoneme, or another way to write one, with what is nearest."""

ARPABET_OTHERS = {
    "AX": "AH", "AXR": "ER", "IX": "IH", "UX": "UW", "DX": "T", "NX": "N", "EL": "AH0 L", "EM": "AH0 M", "EN": "AH0 N",
    "WH": "W", "H": "HH", "J": "JH", "HV": "HH", "Q": "T",
}  # fmt: skip
"""Symbols of other ARPAbets."""

XSAMPA_TO_IPA = {
    "A": "ɑ", "{": "æ", "V": "ʌ", "@": "ə", "O": "ɔ", "E": "ɛ", "3`": "ɝ", "@`": "ɚ", "3": "ɜ", "I": "ɪ", "i": "i",
    "U": "ʊ", "u": "u", "Q": "ɒ", "a": "a", "e": "e", "o": "o", "6": "ɐ", "1": "ɨ", "}": "ʉ", "y": "y", "2": "ø",
    "9": "œ", "b": "b", "d": "d", "D": "ð", "f": "f", "g": "ɡ", "h": "h", "k": "k", "l": "l", "m": "m", "n": "n",
    "N": "ŋ", "p": "p", "r\\": "ɹ", "r": "r", "4": "ɾ", "s": "s", "S": "ʃ", "t": "t", "T": "θ", "v": "v", "w": "w",
    "W": "ʍ", "j": "j", "z": "z", "Z": "ʒ", "x": "x", "X": "χ", "G": "ɣ", "B": "β", "R": "ʁ", "J": "ɲ", "L": "ʎ",
    "C": "ç", "?": "ʔ", '"': "ˈ", "%": "ˌ", ":": "ː", ".": ".", "_": "͡", "5": "ɫ",
}  # fmt: skip
