"""A run from a prepared corpus, and one for which it was prepared too low."""

from __future__ import annotations

from pathlib import Path

import pytest
from fixtures_corpus import write_corpus
from jobs import job

from vocolab.corpora.findings import Limits
from vocolab.corpora.preparing import Settings, prepare
from vocolab.errors import CorpusError
from vocolab.mels.conventions import convention


@pytest.fixture
def prepared(tmp_path: Path) -> Path:
    """Two clips to train on and one held out; these voices never pause, so their floor is no noise."""
    raw = write_corpus(tmp_path / "raw")
    for index in range(3):
        text = (raw / "metadata.csv").read_text().replace(f"clip{index}|something", f"clip{index}|something {index}")
        (raw / "metadata.csv").write_text(text)
    prepare(raw, tmp_path / "features", convention("hifigan-22k"), Settings(limits=Limits(noise_dbfs=0.0)))
    return tmp_path / "features"


@pytest.mark.slow
def test_a_run_from_a_prepared_corpus(tmp_path: Path, prepared: Path) -> None:
    lines: list[str] = []
    trainer = job("vocos", tmp_path / "run", {"steps": 2}).run(prepared, lines.append, lambda record: None)
    assert trainer.step == 2
    assert any(line.startswith("2 clips") and line.endswith("1 held out") for line in lines)
    assert any("played as slowly as the recipe's [data] rate allows (0.8)" in line for line in lines)


def test_a_corpus_that_lacks_the_recipes_band_is_refused(tmp_path: Path, prepared: Path) -> None:
    too_high = job("vocos", tmp_path / "run", {"steps": 2}, mel_spec="vocos-24k")
    with pytest.raises(CorpusError, match="22050 Hz and 24000 Hz"):
        too_high.run(prepared, lambda line: None, lambda record: None)
    assert not (tmp_path / "run").exists()
