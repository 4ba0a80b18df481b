"""Words with times as lines to read: SubRip and WebVTT."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from vocolab.speech.spoken import WordTime

MOST_CHARACTERS = 84
"""Of one subtitle: two lines of 42, as broadcasters have them."""
_LONGEST_S = 7.0
_SENTENCE_ENDS = frozenset(".?!…")
_SILENCE_S = 0.6
"""Between two words that don't stand in one subtitle."""


def srt(words: Sequence[WordTime]) -> Iterator[str]:
    """The lines of a .srt file."""
    for number, cue in enumerate(cues(words), 1):
        yield str(number)
        yield f"{_clock(cue[0].start_s, ',')} --> {_clock(cue[-1].end_s, ',')}"
        yield " ".join(map(written, cue))
        yield ""


def vtt(words: Sequence[WordTime]) -> Iterator[str]:
    """The lines of a .vtt file; each word but a cue's first has its time before it."""
    yield "WEBVTT"
    yield ""
    for cue in cues(words):
        yield f"{_clock(cue[0].start_s, '.')} --> {_clock(cue[-1].end_s, '.')}"
        shown = [_escaped(written(cue[0]))]
        shown += [f"<{_clock(word.start_s, '.')}>{_escaped(written(word))}" for word in cue[1:]]
        yield " ".join(shown)
        yield ""


def cues(words: Sequence[WordTime]) -> Iterator[list[WordTime]]:
    """What stands in one subtitle: as it was written, no more than fits, no sentence with the next."""
    cue: list[WordTime] = []
    for word in as_written(words):
        if cue and not _goes_on(cue, word):
            yield cue
            cue = []
        cue.append(word)
    if cue:
        yield cue


def as_written(words: Iterable[WordTime]) -> Iterator[WordTime]:
    """What was written, in one piece: "$12.50" once, from the first of its words to the end of the last."""
    whole: WordTime | None = None
    for word in words:
        if whole is not None and (word.source_start, word.source_end) == (whole.source_start, whole.source_end):
            whole = WordTime(f"{whole.word} {word.word}", whole.start_s, word.end_s, whole.source_start,
                             whole.source_end, whole.source, word.punctuation)
            continue
        if whole is not None:
            yield whole
        whole = word
    if whole is not None:
        yield whole


def written(word: WordTime) -> str:
    """As it was written, with what stands after it, in one line."""
    text = " ".join((word.source or word.word).split())
    return text if text.endswith(word.punctuation) else f"{text}{word.punctuation}"


def _goes_on(cue: Sequence[WordTime], word: WordTime) -> bool:
    ends = _SENTENCE_ENDS & set(cue[-1].punctuation)
    length = len(" ".join(map(written, [*cue, word])))
    return not (ends or length > MOST_CHARACTERS or word.end_s - cue[0].start_s > _LONGEST_S
                or word.start_s - cue[-1].end_s > _SILENCE_S)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _clock(seconds: float, sign: str) -> str:
    ms = round(seconds * 1000)
    return f"{ms // 3_600_000:02d}:{ms // 60_000 % 60:02d}:{ms // 1000 % 60:02d}{sign}{ms % 1000:03d}"
