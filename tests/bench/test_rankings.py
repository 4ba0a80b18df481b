"""Which voice is the default follows what was measured."""

from __future__ import annotations

import re
from pathlib import Path

from vocolab.catalog import Catalog

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
