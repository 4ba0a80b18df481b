"""Timed clips as TextGrids with the tiers `words` and `phones`, as the Montreal Forced Aligner has them, and back."""

from __future__ import annotations

from collections.abc import Iterator

from vocolab.alignment.clips import TimedClip
from vocolab.errors import CorpusError
from vocolab.files.textgrid import Interval, TextGrid
from vocolab.texts.symbols import ENDS, START, SymbolSet

WORDS, PHONES = "words", "phones"
SILENCES = frozenset({"", "sil", "sp", "SIL", "SP", "<eps>", "<p:>"})
"""What aligners write where nothing is said."""
_NEAR_S = 0.002


def to_textgrid(clip: TimedClip) -> TextGrid:
    """The words and the phonemes of a clip over time; boundaries and pauses are empty intervals."""
    starts, ends = clip.starts_s, clip.ends_s
    phones = [Interval(starts[at], ends[at], clip.symbols[at]) for at, owner in enumerate(clip.owners) if owner >= 0]
    words: dict[int, Interval] = {}
    for at, owner in enumerate(clip.owners):
        if owner >= 0:
            first = words[owner].start_s if owner in words else starts[at]
            words[owner] = Interval(first, ends[at], clip.words[owner])
    return TextGrid(float(ends[-1]), {WORDS: tuple(words.values()), PHONES: tuple(phones)})


def from_textgrid(name: str, grid: TextGrid, symbols: SymbolSet, ending: str = ".") -> TimedClip:
    """A clip of a TextGrid, whoever wrote it.

    Silences become pauses by their length, between words; at the edges they are `<s>` and the end. Where a word follows
    another at once there is a boundary that lasts no time.

    Args:
        name: The clip's.
        grid: With tiers called `words` and `phones`, or "SPEAKER - words" and "SPEAKER - phones" of one speaker.
        symbols: The phonemes that are known.
        ending: How the text ends: one of ". ? ! ,".

    Raises:
        CorpusError: if a tier is missing, a phone is unknown, a sound stands in no word, or nothing is said.
    """
    words = [one for one in _tier(name, grid, WORDS) if one.text not in SILENCES]
    sounds = [one for one in _tier(name, grid, PHONES) if one.text not in SILENCES]
    if not words or not sounds:
        raise CorpusError(f"{name}: nothing is said in its TextGrid")
    if unknown := sorted({one.text for one in sounds} - set(symbols.phonemes)):
        raise CorpusError(f"{name}: {symbols.name} has no phoneme {', '.join(unknown[:5])}; align with a dictionary of "
                          "its phonemes")
    owners = list(_owners(name, sounds, words))
    names, seconds, places = [START], [sounds[0].start_s], [-1]
    for at, (sound, owner) in enumerate(zip(sounds, owners, strict=True)):
        if at and owner != places[-1]:
            gap_s = max(0.0, sound.start_s - sounds[at - 1].end_s)
            names.append(symbols.pause(round(1000 * gap_s)))
            seconds.append(gap_s)
            places.append(-1)
        names.append(sound.text)
        seconds.append(sound.end_s - sound.start_s)
        places.append(owner)
    names.append(ENDS[ending])
    seconds.append(max(0.0, grid.seconds - sounds[-1].end_s))
    places.append(-1)
    return TimedClip(name, tuple(names), tuple(seconds), tuple(places), tuple(one.text for one in words))


def _tier(name: str, grid: TextGrid, wanted: str) -> tuple[Interval, ...]:
    found = [tier for tier in grid.tiers if tier == wanted or tier.endswith(f" - {wanted}")]
    if len(found) != 1:
        there = ", ".join(map(repr, grid.tiers)) or "none"
        raise CorpusError(f"{name}: one tier {wanted!r} is needed, and its TextGrid has {there}")
    return grid.tiers[found[0]]


def _owners(name: str, sounds: list[Interval], words: list[Interval]) -> Iterator[int]:
    """The word that each sound stands in."""
    at = 0
    for sound in sounds:
        middle = (sound.start_s + sound.end_s) / 2
        while at < len(words) and words[at].end_s < middle - _NEAR_S:
            at += 1
        if at == len(words) or words[at].start_s > middle + _NEAR_S:
            raise CorpusError(f"{name}: the sound {sound.text} at {sound.start_s:.2f} s stands in no word")
        yield at
