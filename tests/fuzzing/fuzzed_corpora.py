"""Readers of corpora, raw and prepared, and of what is known of their clips."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from target import Target, call, seed

RATE_HZ = 22_050


def _journal(path: Path) -> Any:
    """What is known of clips, judged as the next run judges it."""
    from vocolab.corpora.findings import Limits, judge
    from vocolab.corpora.prepared import PreparedFolder

    known = PreparedFolder(path.parent).records()
    return [judge(name, one.figures, Limits(), RATE_HZ) for name, one in known.items() if one.figures is not None]


def _journal_seed() -> list[bytes]:
    from vocolab.corpora.findings import Figures
    from vocolab.corpora.prepared import Record

    figures = Figures(RATE_HZ, 1, True, 2.0, 1.5, -3.0, -20.0, -60.0, 0, "00")
    records = (Record("a", "wavs/a.wav 1 2; 22050 Hz", problem="no"), Record("b", "b", figures, stored_bytes=5))
    return ["".join(f"{record.to_line()}\n" for record in records).encode()]


def _prepared(path: Path) -> Any:
    from vocolab.corpora.prepared import prepared_state

    (path.parent / "clips.jsonl").touch()
    return prepared_state(path.parent)


def _prepared_seed() -> list[bytes]:
    from vocolab.mels.conventions import convention

    state = {"format": 1, "sample_rate_hz": RATE_HZ, "mel_spec": convention("hifigan-22k").to_dict()}
    return [json.dumps(state).encode()]


def _clips(path: Path) -> Any:
    """What `vocolab align` and training do with symbols of clips."""
    from vocolab.alignment.clips import read_clips
    from vocolab.alignment.comparing import compare
    from vocolab.alignment.exchange import to_textgrid
    from vocolab.alignment.problems import examine
    from vocolab.files.textgrid import write_textgrid

    clips = read_clips(path)
    timed = [clip for clip in clips if clip.owners]
    for number, clip in enumerate(timed):
        write_textgrid(path.with_name(f"{number}.TextGrid"), to_textgrid(clip))
    return compare(clips, clips), examine(timed)


def _clips_seed() -> list[bytes]:
    clip = {"name": "one", "speaker": "x", "symbols": ["<s>", "HH", "AH0", "<w>", "M", "</s.>"],
            "seconds": [0.1, 0.05, 0.06, 0.0, 0.07, 0.2], "owners": [-1, 0, 0, -1, 1, -1], "words": ["a", "b"],
            "fit": 2.5}
    return ["".join(json.dumps({**clip, "name": f"c{number}"}) + "\n" for number in range(12)).encode()]


def _textgrid(path: Path) -> Any:
    from vocolab.alignment.exchange import from_textgrid
    from vocolab.files.textgrid import read_textgrid
    from vocolab_english.symbols import SYMBOLS

    return from_textgrid("x", read_textgrid(path), SYMBOLS)


def _textgrid_seed() -> list[bytes]:
    from vocolab.files.textgrid import Interval, TextGrid, textgrid_lines

    words = (Interval(0.1, 0.3, "a"), Interval(0.3, 0.4, "b"))
    phones = (Interval(0.1, 0.2, "HH"), Interval(0.2, 0.3, "AH0"), Interval(0.3, 0.4, "M"))
    text = "\n".join(textgrid_lines(TextGrid(0.5, {"words": words, "phones": phones})))
    return [text.encode(), text.encode("utf-16")]


def _speech_corpus(path: Path) -> Any:
    from vocolab.alignment.clips import _layout_symbols
    from vocolab_fastspeech2.clips import read_clips

    _layout_symbols(path)
    (path.parent / "symbols.jsonl").write_bytes(_clips_seed()[0])
    return read_clips(path.parent)


_MIXED = '{"symbols": "arpabet-1", "language": "en-US", "word_stress": {"everywhere": {"a": "0"}, "inside": {}}}'

TARGETS: dict[str, Target] = {
    "corpus metadata": Target("metadata.csv", call("vocolab.corpora.folder", "read_metadata", folder=True), seed(
        "a|text a\nb.wav|text b|the text b\nc|text|1.25\n")),
    "corpus validation": Target("validation.txt", call("vocolab.corpora.folder", "read_validation", folder=True), seed(
        "a\nb.wav\n")),
    "corpus journal": Target("clips.jsonl", _journal, _journal_seed),
    "corpus state": Target("corpus.json", _prepared, _prepared_seed),
    "speakers": Target("speakers.csv", call("vocolab.bench.speakers", "read_groups", folder=True), seed("a|F\nb|M\n")),
    "symbols of clips": Target("symbols.jsonl", _clips, _clips_seed),
    "textgrid": Target("x.TextGrid", _textgrid, _textgrid_seed),
    "corpus of symbols": Target("speech.json", _speech_corpus, seed(_MIXED)),
}
