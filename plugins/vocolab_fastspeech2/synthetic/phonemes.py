"""ARPAbet symbols in the phoneme alphabet of `hibari-tts`, with track of which character says which symbol.

The alphabet is that of Kokoro: IPA, one capital for each diphthong, a stress mark right before the vowel. Its reader
writes flaps and syllabic consonants, which ARPAbet leaves to the speaker; the rules here put them back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from vocolab.texts.document import Sentence
from vocolab.texts.symbols import BOUNDARY, START, SymbolSequence
from vocolab_fastspeech2.synthetic.weak_words import SAID

CONSONANTS = {
    "B": "b", "CH": "ʧ", "D": "d", "DH": "ð", "F": "f", "G": "ɡ", "HH": "h", "JH": "ʤ", "K": "k", "L": "l", "M": "m",
    "N": "n", "NG": "ŋ", "P": "p", "R": "ɹ", "S": "s", "SH": "ʃ", "T": "t", "TH": "θ", "V": "v", "W": "w", "Y": "j",
    "Z": "z", "ZH": "ʒ",
}  # fmt: skip
VOWELS = {
    "AA": "ɑ", "AE": "æ", "AH": "ʌ", "AO": "ɔ", "AW": "W", "AY": "I", "EH": "ɛ", "ER": "ɜɹ", "EY": "A", "IH": "ɪ",
    "IY": "i", "OW": "O", "OY": "Y", "UH": "ʊ", "UW": "u",
}  # fmt: skip
UNSTRESSED = {"AH": "ə", "ER": "əɹ"}
MARKS = {"0": "", "1": "ˈ", "2": "ˌ"}
SIGNS = {",": ", ", ";": "; ", ":": ": ", "—": "—", "…": "… "}
"""How a sign inside a sentence is written for the speaker."""
_HISSING = ("S", "Z", "SH", "ZH", "CH", "JH", "T", "D")


class Said(NamedTuple):
    """What is said for one symbol."""

    symbol: int
    """Its place in the sequence."""
    characters: str


def written(sentence: Sentence, sequence: SymbolSequence) -> list[Said]:
    """What the speaker reads for each symbol of a sentence; the first and the last stand for silence."""
    names = sequence.names
    signs = {number: word.punctuation for number, word in enumerate(sentence.words)}
    pieces, place = [Said(0, "")], 1
    while place < len(names) - 1:
        end = _word_end(sequence.words, place)
        if sequence.words[place] < 0:
            sign = signs.get(sequence.words[place - 1], "")
            pieces.append(Said(place, " " if names[place] in (BOUNDARY, START) else _sign(sign)))
            place += 1
            continue
        vowel_next = _starts_with_vowel(names, end + 1) and names[end] == BOUNDARY
        pieces.extend(_word(names[place:end], place, vowel_next=vowel_next))
        place = end
    return [*pieces, Said(len(names) - 1, sentence.ending if sentence.ending in ".?!," else ".")]


def _word_end(words: Sequence[int], place: int) -> int:
    end = place + 1
    while end < len(words) and words[end] == words[place]:
        end += 1
    return end


def _starts_with_vowel(names: Sequence[str], place: int) -> bool:
    return place < len(names) and names[place][-1].isdigit() and not names[place].startswith("p")


def _sign(signs: str) -> str:
    return next((SIGNS[sign] for sign in signs if sign in SIGNS), ", ")


def _word(phonemes: Sequence[str], first: int, *, vowel_next: bool) -> Iterator[Said]:
    whole = SAID.get(tuple(phonemes))
    if whole is None:
        for place in range(len(phonemes)):
            yield Said(first + place, _sound(phonemes, place))
        return
    if tuple(phonemes) == ("T", "UW0") and vowel_next:
        whole = "tʊ"
    yield from _shared(whole, phonemes, first)


def _shared(whole: str, phonemes: Sequence[str], first: int) -> Iterator[Said]:
    """One character for each phoneme, a stress mark with its vowel, and the rhotic with the vowel before it."""
    at = 0
    for place, phoneme in enumerate(phonemes):
        length = 1 + (whole[at] in "ˈˌ") + (phoneme.startswith("ER"))
        yield Said(first + place, whole[at : at + length])
        at += length


def _sound(phonemes: Sequence[str], place: int) -> str:
    phoneme = phonemes[place]
    before = phonemes[place - 1] if place else ""
    after = phonemes[place + 1] if place + 1 < len(phonemes) else ""
    if phoneme in CONSONANTS:
        return "T" if phoneme == "T" and _flapped(before, phonemes[place + 1 :]) else CONSONANTS[phoneme]
    vowel, digit = phoneme[:-1], phoneme[-1]
    if digit == "0":
        return _unstressed(vowel, before, after, last=place + 2 == len(phonemes))
    if vowel == "UW" and after == "R":
        vowel = "UH"
    return MARKS[digit] + VOWELS[vowel]


def _flapped(before: str, after: Sequence[str]) -> bool:
    """"city", "party", "little", not "attack" or "button"."""
    weak = bool(after) and after[0].endswith("0") and list(after[:2]) != ["AH0", "N"]
    return weak and (before[-1:].isdigit() or before == "R")


def _unstressed(vowel: str, before: str, after: str, *, last: bool) -> str:
    closed = last or after in ("L", "N")
    if vowel == "AH" and after == "L" and closed and before in CONSONANTS and before not in ("R", "L", "W", "Y"):
        return "ᵊ"
    if vowel == "AH" and after == "N" and before in ("T", "D"):
        return "ᵊ"
    if vowel == "IH" and last and after in ("D", "Z") and before in _HISSING:
        return "ᵻ"
    return UNSTRESSED.get(vowel, VOWELS[vowel])
