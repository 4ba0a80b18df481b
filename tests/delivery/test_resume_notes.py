"""What `--resume` takes for done: the same file, not one that looks like it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from vocolab.delivery.resume import DoneNotes


def test_a_file_of_the_same_name_size_and_time_elsewhere_is_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in "ab":
        source = Path(folder) / "x.wav"
        source.parent.mkdir()
        source.write_text(folder)
        os.utime(source, ns=(0, 0))
    output = tmp_path / "x.mastered.wav"
    output.touch()
    notes = DoneNotes({"gain_db": 1})
    notes.add([Path("a/x.wav")], output)
    assert notes.has([Path("a/x.wav")], output) and notes.has([tmp_path / "a" / "x.wav"], output)
    assert not notes.has([Path("b/x.wav")], output)
