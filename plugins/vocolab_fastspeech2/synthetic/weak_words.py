"""English words that are usually said without stress, or with little, and how the corpus says them.

They are those that the speaker's own reader leaves unstressed, so that it was trained on them like that.
"""

from __future__ import annotations

from vocolab_fastspeech2.reading import WordStress

_NEVER = """a an the and or if than as of at by for to from with through you he she it we they my your his her its their
be been you're he's she's it's we're they're you've we've they've you'll he'll she'll we'll they'll you'd he'd"""
_NOT_INSIDE = "this these those that in is are was were have has had can could will would there"
_LITTLE = "me him us them our i'm i've i'll i'd but"
_LITTLE_INSIDE = "i who which what so while on up shall should might not some when where how"

WEAK_WORDS = WordStress(
    everywhere=dict.fromkeys(_NEVER.split(), "0") | dict.fromkeys(_LITTLE.split(), "2"),
    inside=dict.fromkeys(_NOT_INSIDE.split(), "0") | dict.fromkeys(_LITTLE_INSIDE.split(), "2"),
)

SAID = {
    ("AH0",): "ɐ", ("AE0", "N"): "ɐn", ("AH0", "N", "D"): "ænd", ("AE0", "N", "D"): "ænd", ("AH0", "V"): "ʌv",
    ("DH", "AE0", "N"): "ðən", ("F", "R", "AH0", "M"): "fɹʌm", ("W", "AA0", "Z"): "wʌz", ("W", "ER0"): "wɜɹ",
    ("HH", "ER0"): "hɜɹ", ("Y", "AO0", "R"): "jʊɹ", ("Y", "UH0", "R"): "jʊɹ", ("T", "UW0"): "tə",
    ("W", "AH2", "T"): "wˌʌt", ("W", "AA2", "T"): "wˌʌt",
}  # fmt: skip
"""Whole words that the speaker says otherwise than sound by sound."""
