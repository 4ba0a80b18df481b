"""TensorBoard is for looking on: the run is what matters, and goes on without."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from full_disk import full_disk
from jobs import job

from vocolab.errors import OutputError
from vocolab.training import board
from vocolab.training.corpus import Corpus
from vocolab.training.log import Log
from vocolab.training.run_folder import RunFolder

pytest.importorskip("tensorboard")
LOG = {"every_steps": 1, "tensorboard": True}


def figures_read(folder: Path) -> dict[str, list[tuple[int, float]]]:
    """What TensorBoard itself reads."""
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    events = EventAccumulator(str(folder), purge_orphaned_data=True)
    events.Reload()
    tags = events.Tags()["scalars"]
    return {tag: [(scalar.step, scalar.value) for scalar in events.Scalars(tag)] for tag in tags}


def test_tensorboard_reads_the_figures_and_forgets_steps_that_are_taken_again(tmp_path: Path) -> None:
    run = RunFolder(tmp_path)
    first = Log(run, tensorboard=True)
    for step in (1, 2, 3):
        first.write({"step": step, "loss": step / 2}, lambda record: None)
    first.write({"step": 3, "validation": {"mel_l1": 0.25}}, lambda record: None)
    first.close()
    again = Log(run, tensorboard=True, first_step=2)
    again.write({"step": 3, "loss": 7.0}, lambda record: None)
    again.close()
    read = figures_read(run.tensorboard)
    assert read["training/loss"] == [(1, 0.5), (2, 1.0), (3, 7.0)]
    assert set(read) <= {"training/loss", "validation/mel_l1"}


def test_a_board_that_can_not_be_made_is_said_once_and_the_run_goes_on(corpus: Corpus, tmp_path: Path) -> None:
    (tmp_path / "tensorboard").write_text("in the way")
    trainer = job("vocos", tmp_path, log=LOG).trainer(corpus)
    said: list[str] = []
    trainer.train(until=3, say=said.append)
    assert trainer.step == 3 and len(said) == 1
    assert said[0].startswith(f"{tmp_path / 'tensorboard'}: can't be written: ") and "goes on without" in said[0]
    assert len((tmp_path / "log.jsonl").read_text().splitlines()) == 3


def test_a_disk_that_fills_up_under_the_board_is_said_once_and_the_run_goes_on(
    corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    write = board.Board.write

    def on_a_full_disk(self: board.Board, step: int, figures: dict[str, float]) -> None:
        with full_disk(64):  # less than the file has already
            write(self, step, figures)

    trainer = job("vocos", tmp_path, log=LOG).trainer(corpus)
    said: list[str] = []
    trainer.train(until=1, say=said.append)
    assert said == []
    monkeypatch.setattr(board.Board, "write", on_a_full_disk)
    trainer.train(until=4, say=said.append)
    assert trainer.step == 4 and len(said) == 1 and "tensorboard: can't be written" in said[0]
    assert [json.loads(line)["step"] for line in (tmp_path / "log.jsonl").read_text().splitlines()][:4] == [1, 2, 3, 4]
    assert capfd.readouterr().err == ""  # no thread's traceback


def test_a_disk_that_is_full_from_the_start_leaves_no_file_open(tmp_path: Path) -> None:
    said: list[str] = []
    with full_disk(16):
        log = Log(RunFolder(tmp_path), tensorboard=True, say=said.append)
    log.write({"step": 1, "loss": 1.0}, lambda record: None)
    log.close()
    assert len(said) == 1


def test_an_error_of_the_run_is_not_hidden_by_the_board(
    corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    close = board.Board.close

    def broken(self: board.Board) -> None:
        close(self)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(board.Board, "close", broken)
    trainer = job("vocos", tmp_path, log=LOG).trainer(corpus)
    monkeypatch.setattr(trainer.run, "save", lambda *arguments: (_ for _ in ()).throw(OutputError("the checkpoint")))
    with pytest.raises(OutputError, match="the checkpoint"):
        trainer.train()
