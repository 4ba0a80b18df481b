"""Which voice is the default follows what was measured."""

from __future__ import annotations

import re
from pathlib import Path

from vocolab.catalog import Catalog
from vocolab.speaking.choice import choose_voice

RESULTS = Path(__file__).resolve().parents[2] / "benchmarks" / "RESULTS-sound.md"
_NUMBER = r"([\d.]+)"
_ROW = re.compile(rf"^\| `([\w-]+)` as recommended[^|]*\| {_NUMBER} \| [^|]*\| {_NUMBER} \| [\d.]+ \| {_NUMBER} ",
                  re.MULTILINE)
LEAST_STOI, MOST_REPEATED = 0.95, 0.15


def measured() -> dict[str, float]:
    """DistillMOS of the voices that may be ranked by it."""
    rows = _ROW.findall(RESULTS.read_text())
    return {name: float(score) for name, score, repetition, stoi in rows
            if float(stoi) >= LEAST_STOI and float(repetition) < MOST_REPEATED}


def test_voices_are_ranked_by_what_the_judge_says_of_them() -> None:
    scores = measured()
    assert len(scores) >= 2
    ranks = {entry.name: entry.spec.rank for entry in Catalog.installed(no_plugins=True).voices.entries()}
    inside = [name for name in scores if name in ranks]
    assert len(inside) >= 2
    assert sorted(inside, key=lambda name: -scores[name]) == sorted(inside, key=lambda name: -ranks[name])


def test_the_default_is_the_first_of_them() -> None:
    catalog = Catalog.installed(no_plugins=True)
    inside = {name: score for name, score in measured().items() if name in catalog.voices.names()}
    best = catalog.voices.best()
    assert best is not None and best.spec.name == max(inside, key=lambda name: inside[name])


def test_the_voice_that_speaks_is_the_judges_first() -> None:
    text = (RESULTS.parent / "RESULTS-speech.md").read_text()
    rows = re.findall(r"^\| `([\w-]+)`[^|]* \| ([\d.]+) \| ([\d.]+) \|", text, re.MULTILINE)
    scores = {}
    for name, _, score in rows:
        scores[name] = max(scores.get(name, 0.0), float(score))
    assert len(scores) >= 2
    assert choose_voice(Catalog.installed(no_plugins=True)).name == max(scores, key=lambda name: scores[name])
