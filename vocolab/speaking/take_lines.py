"""Takes that are kept on disk as lines of JSON: where each ends in the audio, and when its words are said.

    {"end": 52000, "tail_s": 0.12, "words": [{"word": "in", "start_s": 0.06, ...}, ...], "phonemes": [...]}

The file may have been anybody's since it was written, so a line counts only if each value is one that could be meant.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, NamedTuple

from vocolab.speech.spoken import PhonemeTime, WordTime

_LEAST_TAIL_S = -1.0
"""Of the silence behind the last word, whose end is rounded: one that is far below would be made up for in silence."""
_MOST_S = 1e9


class KeptTake(NamedTuple):
    """What a line says."""

    end: int
    """Where the take ends in the audio, in samples."""
    tail_s: float
    """How much silence it ends with."""
    words: list[WordTime]
    """In seconds from the start of the take."""
    phonemes: list[PhonemeTime]


def take_line(take: KeptTake) -> str:
    """A take as its line."""
    facts = {"end": take.end, "tail_s": take.tail_s, "words": [asdict(word) for word in take.words],
             "phonemes": [asdict(phoneme) for phoneme in take.phonemes]}  # fmt: skip
    return json.dumps(facts)


def read_take(line: str) -> KeptTake:
    """The take of a line.

    Raises:
        ValueError: if it is none that `take_line` gives, whole.
    """
    try:
        facts = json.loads(line)
    except RecursionError as error:
        raise ValueError("no take: nested too deeply") from error
    return take_of(facts)


def take_of(facts: Any) -> KeptTake:
    """The take that the values of a line describe.

    Raises:
        ValueError: if it is none that could be meant.
    """
    try:
        take = KeptTake(facts["end"], facts["tail_s"], [WordTime(**word) for word in facts["words"]],
                        [PhonemeTime(**phoneme) for phoneme in facts["phonemes"]])
    except (KeyError, TypeError) as error:
        raise ValueError(f"no take: {error!r:.80}") from error
    texts = [text for word in take.words for text in (word.word, word.source, word.punctuation)]
    texts += [phoneme.symbol for phoneme in take.phonemes]
    places = [take.end, *(place for word in take.words for place in (word.source_start, word.source_end))]
    places += [phoneme.word for phoneme in take.phonemes]
    times_s = [take.tail_s, *(at_s for word in take.words for at_s in (word.start_s, word.end_s))]
    times_s += [at_s for phoneme in take.phonemes for at_s in (phoneme.start_s, phoneme.end_s)]
    if not (_all(str, texts) and _all(int, places) and _are_times(times_s)):
        raise ValueError("no take: a value of another type")
    if take.end < 0 or take.tail_s < _LEAST_TAIL_S:
        raise ValueError("no take: its end or its silence lies before its start")
    return take


def _all(kind: type, values: Iterable[Any]) -> bool:
    return all(type(value) is kind for value in values)


def _are_times(values: Iterable[Any]) -> bool:
    return all(type(value) in (int, float) and abs(value) < _MOST_S for value in values)
