"""What long work shows of itself: on a terminal, in a log, and when it should be quiet."""

from __future__ import annotations

import os
import re
from itertools import pairwise
from types import SimpleNamespace

import pytest

from vocolab.cli import progress as batch_progress
from vocolab.cli import status_line, training_progress
from vocolab.cli.progress import Progress
from vocolab.cli.training_progress import TrainingProgress

FIGURES = {"loss": 2.5, "mel": 0.25, "adversarial": 1.5, "features": 0.125, "phase": 0.75, "discriminator": 3.5}
GRADIENTS = {"gradient": 9.0, "discriminator_gradient": 8.0}


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """stderr is a terminal of 200 columns, on which everything is due."""
    size = {"columns": 200}
    for module in (batch_progress, training_progress):
        monkeypatch.setattr(module, "on_terminal", lambda: True)
    monkeypatch.setattr("click.utils.should_strip_ansi", lambda *_: False)
    monkeypatch.setattr(status_line, "sys", SimpleNamespace(stderr=SimpleNamespace(fileno=lambda: 2)))
    monkeypatch.setattr(status_line.os, "get_terminal_size", lambda _: os.terminal_size((size["columns"], 24)))
    monkeypatch.setattr(status_line, "_REDRAW_S", 0.0)
    return size


def screen(written: str) -> list[str]:
    """The lines of a terminal after `written`."""
    lines = [""]
    for piece in re.split(r"(\r|\n|\x1b\[K)", written):
        if piece == "\n":
            lines.append("")
            column = 0
        elif piece == "\r":
            column = 0
        elif piece == "\x1b[K":
            lines[-1] = lines[-1][:column]
        elif piece:
            column = 0 if not lines[-1] else column
            lines[-1] = lines[-1][:column] + piece + lines[-1][column + len(piece) :]
            column += len(piece)
    return lines


def record(step: int, pace: float = 0.5) -> dict[str, float]:
    return {"step": step, **FIGURES, **GRADIENTS, "steps_per_s": pace}


def test_training_on_a_terminal_is_a_bar_that_moves_between_logged_steps(
    terminal: dict[str, int], capsys: pytest.CaptureFixture[str]
) -> None:
    with TrainingProgress(1000) as progress:
        progress.reach(0, 0.0)
        assert screen(capsys.readouterr().err) == ["[................]   0%  0/1000"]
        progress.reach(250, 0.5)
        assert screen(capsys.readouterr().err) == ["[####............]  25%  250/1000  0.50 steps/s  25 min left"]
        progress.report(record(250))
        progress.reach(251, 0.5)
        (line,) = screen(capsys.readouterr().err)
        for name, value in FIGURES.items():
            assert f"{name} {value:.3f}" in line
        assert "gradient" not in line
        progress.reach(999, 0.5)
        assert "2 s left" in capsys.readouterr().err
    assert screen(capsys.readouterr().err) == [""]


def test_a_line_that_stays_leaves_the_bar_below_it(
    terminal: dict[str, int], capsys: pytest.CaptureFixture[str]
) -> None:
    with TrainingProgress(100) as progress:
        progress.reach(50, 2.0)
        progress.report({"step": 50, "validation": {"mel_l1": 0.5}})
        progress.say("noted")
        above, noted, bar = screen(capsys.readouterr().err)
    assert (above, noted) == ("step 50: validation mel_l1 0.5000", "noted")
    assert bar == "[########........]  50%  50/100  2.00 steps/s  25 s left"


def test_a_bar_is_drawn_by_time_and_not_by_steps(
    terminal: dict[str, int], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now_s = 100.0
    monkeypatch.setattr(status_line, "_REDRAW_S", 0.2)
    monkeypatch.setattr(status_line, "time", SimpleNamespace(monotonic=lambda: now_s))
    progress = TrainingProgress(1000)
    for step in range(1000):
        now_s += 0.01
        progress.reach(step, 100.0)
    assert 40 <= capsys.readouterr().err.count("\r") <= 55


@pytest.mark.parametrize(
    ("until", "left"), [(None, "1 h 40 min left"), (1000, "17 min left"), (520, "40 s left"), (9000, "1 h 40 min left")]
)
def test_what_is_left_ends_where_the_run_stops(
    until: int | None, left: str, capsys: pytest.CaptureFixture[str]
) -> None:
    TrainingProgress(500 + 3000, until=until).report(record(500))
    assert capsys.readouterr().err.endswith(f"0.50 steps/s  {left}\n")


def test_a_log_has_a_whole_line_a_logged_step(capsys: pytest.CaptureFixture[str]) -> None:
    with TrainingProgress(1000) as progress:
        for step in range(100):
            progress.reach(step, 1.0)
        progress.report(record(100))
    text = capsys.readouterr().err
    assert text.startswith("step 100/1000  loss 2.500  mel 0.250  adversarial 1.500  features 0.125  phase 0.750")
    assert text.count("\n") == 1 and "\r" not in text and "\x1b" not in text


@pytest.mark.parametrize("columns", [20, 40, 60, 80, 120, 0])
def test_no_line_is_wider_than_the_terminal_and_no_figure_is_cut(
    columns: int, terminal: dict[str, int], capsys: pytest.CaptureFixture[str]
) -> None:
    terminal["columns"] = columns
    progress = TrainingProgress(100_000)
    progress.reach(31_000, 0.5)
    whole = screen(capsys.readouterr().err)[0].split("  ")
    progress.report(record(31_000))
    progress.reach(31_001, 0.5)
    shown = screen(capsys.readouterr().err)[0]
    assert len(shown) < (columns or 80)
    allowed = {*whole, *(f"{name} {value:.3f}" for name, value in FIGURES.items()), "31001/100000"}
    assert columns == 20 or set(shown.split("  ")) <= allowed


@pytest.mark.parametrize("on_terminal", [True, False])
def test_quiet_training_shows_nothing(
    on_terminal: bool, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    if on_terminal:
        request.getfixturevalue("terminal")
    with TrainingProgress(100, quiet=True) as progress:
        progress.say("line")
        progress.reach(50, 1.0)
        progress.report(record(50))
        progress.report({"step": 50, "validation": {"mel_l1": 0.5}})
    assert capsys.readouterr().err == ""


def test_a_batch_in_a_log_says_how_much_of_all_is_done(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_progress, "_LOG_LINE_S", 0.0)
    progress = Progress(8)
    progress.reach(0, 1.0, "c0")
    progress.reach(1, 0.5, "c1")
    progress.line("noted")
    progress.reach(1, 1.0, "c1")
    progress.close()
    assert capsys.readouterr().err.splitlines() == [" 12%  1/8  c0", " 19%  1/8  c1", "noted", " 25%  2/8  c1"]


def test_a_batch_on_a_terminal_is_a_bar(terminal: dict[str, int], capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress(4)
    progress.reach(0, 1.0, "c0")
    progress.line("noted")
    assert screen(capsys.readouterr().err) == ["noted", "[########......................]  25%  1/4"]
    progress.close()
    assert capsys.readouterr().err == "\r\x1b[K"


def test_a_preparation_in_a_log_shows_its_share(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from vocolab.cli.data import _Shown
    from vocolab.cli.session import Session

    monkeypatch.setattr(batch_progress, "_LOG_LINE_S", 0.0)
    with _Shown(Session()) as told:
        told.begin(4)
        for name in ("a", "b", "c", "d"):
            told.done(name)
    lines = capsys.readouterr().err.splitlines()
    assert lines == [" 25%  1/4  a", " 50%  2/4  b", " 75%  3/4  c", "100%  4/4  d"]
    shares = [int(line.split("%")[0]) for line in lines]
    assert all(before < after for before, after in pairwise(shares))
