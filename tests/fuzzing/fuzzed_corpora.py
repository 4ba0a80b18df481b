"""Readers of corpora, of runs, and of what vocolab keeps in folders of its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from target import Target, call, seed, text_of

RATE_HZ = 22_050


def _journal(path: Path) -> Any:
    from vocolab.corpora.prepared import Record

    return [Record.from_line(line) for line in text_of(path).split("\n")]


def _journal_seed() -> list[bytes]:
    from vocolab.corpora.prepared import Record

    return [Record("a", "wavs/a.wav 1 2; 22050 Hz", problem="no").to_line().encode()]


def _prepared(path: Path) -> Any:
    from vocolab.corpora.prepared import prepared_state

    (path.parent / "clips.jsonl").touch()
    return prepared_state(path.parent)


def _prepared_seed() -> list[bytes]:
    from vocolab.mels.conventions import convention

    state = {"format": 1, "sample_rate_hz": RATE_HZ, "mel_spec": convention("hifigan-22k").to_dict()}
    return [json.dumps(state).encode()]


TARGETS: dict[str, Target] = {
    "corpus metadata": Target("metadata.csv", call("vocolab.corpora.folder", "read_metadata", folder=True), seed(
        "a|text a\nb.wav|text b|the text b\nc|text|1.25\n")),
    "corpus journal": Target("clips.jsonl", _journal, _journal_seed),
    "corpus state": Target("corpus.json", _prepared, _prepared_seed),
    "notes of done files": Target("vocolab-done.json", call("vocolab.delivery.resume", "_read"), seed(
        '{"a.wav": {"made_of": "0", "is": [1, 2]}}')),
}
