"""F0 of recordings against another tracker's, where the recordings and the tracker are."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:pkg_resources is deprecated")
@pytest.mark.parametrize("corpus", ["kathleen", "lj"])
def test_gross_errors_are_few(corpus: str) -> None:
    pytest.importorskip("pyworld", reason="the other tracker is pyworld's Harvest", exc_type=ImportError)
    if not DATA.exists():
        pytest.skip(f"{DATA} is not here")
    compare = runpy.run_path(str(ROOT / "benchmarks" / "pitch.py"))["compare"]
    figures = compare(DATA / corpus / "flac", clips=10, seed=7)
    assert figures["both_voiced_frames"] > 1000
    assert figures["gross_percent"] <= 3.0
    assert figures["ours_only_percent"] <= 5.0
