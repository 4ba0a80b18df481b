"""The times of words and phonemes as files, by suffix: .json, .srt, .vtt, .TextGrid (Praat)."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from vocolab.errors import CallError
from vocolab.files.textgrid import Interval, TextGrid, textgrid_lines
from vocolab.speaking.subtitles import srt, vtt
from vocolab.speech.spoken import PhonemeTime, WordTime

_Lines = Callable[[Sequence[WordTime], Sequence[PhonemeTime], float], Iterator[str]]


def check_timestamps(path: str | os.PathLike[str]) -> None:
    """See that times can be written in the format of that suffix.

    Raises:
        CallError: if there is no such format.
    """
    if Path(path).suffix.lower() not in _FORMATS:
        raise CallError(f"times are written as {', '.join(NAMES)}; give a file with one of these suffixes", about=path)


def write_timestamps(
    path: str | os.PathLike[str], words: Sequence[WordTime], phonemes: Sequence[PhonemeTime], seconds: float
) -> None:
    """Write the times of words, and of phonemes where the format has a place for them; whole or not at all.

    Args:
        path: The file; its suffix is the format.
        words: In order.
        phonemes: In order; pauses among them.
        seconds: How long the audio is.

    Raises:
        CallError: for another suffix.
        OutputError: if it can't be written.
    """
    from vocolab.files.atomic import whole_file

    check_timestamps(path)
    lines = _FORMATS[Path(path).suffix.lower()]
    with whole_file(path) as temporary, temporary.open("w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines(words, phonemes, seconds))


def _json(words: Sequence[WordTime], phonemes: Sequence[PhonemeTime], seconds: float) -> Iterator[str]:
    """One object: `seconds`, and `words`, each with the phonemes that belong to it; `pauses` belong to none."""
    of_word: dict[int, list[dict[str, object]]] = {}
    for phoneme in phonemes:
        of_word.setdefault(phoneme.word, []).append(
            {"symbol": phoneme.symbol, "start_s": round(phoneme.start_s, 4), "end_s": round(phoneme.end_s, 4)}
        )
    shown = [
        {
            "word": word.word, "source": word.source, "start_s": round(word.start_s, 4), "end_s": round(word.end_s, 4),
            "source_start": word.source_start, "source_end": word.source_end, "punctuation": word.punctuation,
            "phonemes": of_word.get(number, []),
        }
        for number, word in enumerate(words)
    ]  # fmt: skip
    yield json.dumps({"seconds": round(seconds, 4), "words": shown, "pauses": of_word.get(-1, [])}, ensure_ascii=False,
                     indent=1)


def _text_grid(words: Sequence[WordTime], phonemes: Sequence[PhonemeTime], seconds: float) -> Iterator[str]:
    """Praat's long text format, with the tiers `words` and `phones` as the Montreal Forced Aligner names them."""
    tiers = {
        "words": tuple(Interval(word.start_s, word.end_s, word.word) for word in words),
        "phones": tuple(Interval(one.start_s, one.end_s, one.symbol if one.word >= 0 else "") for one in phonemes),
    }
    yield from textgrid_lines(TextGrid(seconds, tiers))


_FORMATS: dict[str, _Lines] = {
    ".json": _json, ".srt": lambda words, phonemes, seconds: srt(words),
    ".vtt": lambda words, phonemes, seconds: vtt(words), ".textgrid": _text_grid,
}  # fmt: skip
NAMES = (".json", ".srt", ".vtt", ".TextGrid")
"""The suffixes."""
