"""Names of files that are no UTF-8: their bytes are kept, and nothing is lost over them."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from vocolab.audio import Audio
from vocolab.cli.main import run
from vocolab.corpora.prepared import Record
from vocolab.files.json_text import json_text

if sys.platform != "linux":
    pytest.skip("other systems take no such names", allow_module_level=True)

BAD = "bad\udcff.wav"


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    for name in (BAD, "ok.wav"):
        Audio.mono(0.1 * np.random.default_rng(0).standard_normal(48_000), 48_000).save(tmp_path / name)
    return [str(tmp_path / BAD), str(tmp_path / "ok.wav")]


@pytest.mark.parametrize("report", ["r.html", "r.json"])
def test_a_batch_has_its_report(report: str, files: list[str], tmp_path: Path) -> None:
    assert run(["master", *files, "--preset", "podcast", "--report", str(tmp_path / report)]) == 0
    assert "ok.wav" in (tmp_path / report).read_text(encoding="utf-8")
    assert (tmp_path / "bad\udcff.mastered.wav").exists()


def test_they_are_measured_and_inspected(files: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["measure", *files, "--json"]) == 0
    assert run(["inspect", files[0]]) == 0
    assert "Unicode" not in capfd.readouterr().err


def test_json_brings_the_name_back() -> None:
    assert json.loads(json_text({"file": BAD, "é": 1})) == {"file": BAD, "é": 1}
    json_text({"file": BAD}).encode()


def test_a_journal_with_such_a_name_is_written_and_read() -> None:
    record = Record("clip", "bad\udcff.wav 1 2", problem=f"{BAD}: no")
    assert Record.from_line(record.to_line().encode().decode()) == record
