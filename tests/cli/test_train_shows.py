"""What `vocolab train` shows of a run and of its export, on a terminal and in a log."""

from __future__ import annotations

from pathlib import Path

import pytest
from fixtures_corpus import write_corpus

from vocolab.cli import status_line, training_progress
from vocolab.cli.main import run
from vocolab.cli.session import Session
from vocolab.cli.train import _note_what_is_not_said

RECIPE = """
[model]
dim = 16
intermediate_dim = 16
num_layers = 1
[optimizer]
steps = 6
batch = 1
segment_frames = 16
[validation]
every_steps = 4
clips = 1
samples = 0
[log]
every_steps = 2
tensorboard = false
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A raw corpus: every clip its own text, and no validation.txt."""
    corpus = write_corpus(tmp_path / "corpus")
    (corpus / "validation.txt").unlink()
    (corpus / "metadata.csv").write_text("".join(f"clip{index}|Sentence {index}.\n" for index in range(3)))
    (tmp_path / "recipe.toml").write_text(RECIPE)
    return tmp_path


def train(folder: Path, *arguments: str) -> int:
    return run(["train", "vocos", str(folder / "recipe.toml"), "--data", str(folder / "corpus"), "--run",
                str(folder / "run"), "--threads", "1", *arguments])


@pytest.mark.slow
def test_a_log_tells_what_was_chosen_and_a_line_a_logged_step(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train(folder) == 0
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].endswith("has no validation.txt: 1 of 3 clips are held out, whole prompts, as 'vocolab data "
                             "prepare' chooses them")
    assert lines[1].startswith("2 of 2 clips to train on are at 22050 Hz") and "--sample-rate 27563" in lines[1]
    assert lines[2].startswith("2 clips, ") and lines[2].endswith("1 held out")
    shown = [line.split("  ")[0] for line in lines if line.startswith("step")]
    assert [line for line in shown if "validation" not in line] == ["step 2/6", "step 4/6", "step 6/6"]
    assert run(["train", "export", str(folder / "run"), "-o", str(folder / "voice.safetensors")]) == 0
    size, note = capsys.readouterr().err.splitlines()
    assert size.endswith(" MB") and "(--licence)" in note and "(--trained-on)" in note


@pytest.mark.slow
def test_a_terminal_sees_every_step_up_to_where_the_run_stops(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training_progress, "on_terminal", lambda: True)
    monkeypatch.setattr("click.utils.should_strip_ansi", lambda *_: False)
    monkeypatch.setattr(status_line, "_REDRAW_S", 0.0)
    assert train(folder, "--until", "5") == 0
    written = capsys.readouterr().err
    positions = [written.index(f"  {step}/5") for step in range(6)]
    assert positions == sorted(positions)
    assert "step 4: validation" in written and "step 2/" not in written
    assert written.endswith("\r\x1b[K")


@pytest.mark.parametrize(
    ("licence", "trained_on", "told"),
    [("", "", ["--licence", "--trained-on"]), ("CC0-1.0", "", ["--trained-on"]), ("", "LJ", ["--licence"]),
     ("CC0-1.0", "LJ", [])],
)
def test_an_export_notes_what_it_does_not_say(
    licence: str, trained_on: str, told: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    _note_what_is_not_said(Session(), licence=licence, trained_on=trained_on)
    said = capsys.readouterr().err
    assert [flag for flag in ("--licence", "--trained-on") if flag in said] == told
    assert bool(said) == bool(told)
    _note_what_is_not_said(Session(quiet=True), licence="", trained_on="")
    assert capsys.readouterr().err == ""
