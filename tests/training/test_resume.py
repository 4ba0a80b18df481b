"""A run that was stopped, killed or starved of disk goes on where it would have got."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from fixtures_corpus import write_corpus
from full_disk import full_disk
from jobs import SLIM, SMALL_VOCOS, job

from vocolab.errors import OutputError
from vocolab.mels.conventions import convention
from vocolab.options import Options
from vocolab.training.corpus import Corpus
from vocolab.training.run_folder import RunFolder
from vocolab.training.session import TrainingJob
from vocolab.training.trainer import Trainer
from vocolab_vocos import training as vocos
from vocolab_vocos.vocoder import Vocos

KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "spectral": ("vocos", {}),
    "weight-norm": ("hifigan", {}),
    "own-objective": ("denoiser", {}),
    "adversarial": ("vocos", {"adversarial": {**SLIM, "start_step": 3, "loss": {"mel": 0.0, "mel_l1": 45.0}}}),
    "accumulated": ("vocos", {"optimizer": {"accumulation": 2}}),
    "prefetched": ("vocos", {"data": {"prefetch": 2}}),
    "fp16": ("hifigan", {"optimizer": {"precision": "fp16"}}),
    "distilled": ("hifigan", {"distill": {"voice": "teacher"}}),
}


def kind_of_job(kind: str, folder: Path) -> TrainingJob:
    vocoder, tables = KINDS[kind]
    return job(vocoder, folder, job_options={"teacher": teacher()} if "distill" in tables else {}, **tables)


def teacher() -> Vocos:
    """Opened anew, as every start of a run opens it."""
    torch.manual_seed(5)
    fresh = vocos.build(dict(SMALL_VOCOS), convention("hifigan-22k"))
    return Vocos(Options(), fresh.export(fresh.network.state_dict()))


def assert_equal(one: Trainer, other: Trainer) -> None:
    assert one.best_score == other.best_score
    for mine, its in ((one.network, other.network), (one.average.network, other.average.network)):
        for name, tensor in mine.state_dict().items():
            assert torch.equal(tensor, its.state_dict()[name]), name


@pytest.mark.parametrize("kind", KINDS)
def test_a_resumed_run_is_bit_equal_to_one_that_was_never_stopped(kind: str, corpus: Corpus, tmp_path: Path) -> None:
    straight = kind_of_job(kind, tmp_path / "straight").trainer(corpus)
    straight.train()
    kind_of_job(kind, tmp_path / "stopped").trainer(corpus).train(until=5)
    resumed = kind_of_job(kind, tmp_path / "stopped").trainer(corpus)
    assert resumed.step == 5
    resumed.train()
    assert_equal(resumed, straight)
    if kind == "adversarial":
        mine, its = resumed.task.state()["discriminators"], straight.task.state()["discriminators"]
        assert all(torch.equal(mine[name], its[name]) for name in its)


KILLED = """
import os, signal, sys
from pathlib import Path
sys.path[:0] = {paths!r}
import torch
torch.set_num_threads(1)
from jobs import job
from vocolab.training import run_folder
from vocolab.training.corpus import read_corpus

class Dying:
    def __init__(self, path, **how): self.inner = whole(path, **how); self.path = Path(path)
    def __enter__(self):
        temporary = self.inner.__enter__()
        if self.path.name == {victim!r}:
            temporary.write_bytes(b"half of a checkpoint")
            os.kill(os.getpid(), signal.SIGKILL)
        return temporary
    def __exit__(self, *error): return self.inner.__exit__(*error)

whole = run_folder.whole_file
run_folder.whole_file = Dying
job("vocos", Path({run!r})).trainer(read_corpus(Path({data!r}))).train()
"""


@pytest.mark.slow
@pytest.mark.parametrize("victim", ["6.pt", "6.network.pt"])
def test_kill_9_in_the_middle_of_a_checkpoint_costs_that_checkpoint_only(
    victim: str, corpus: Corpus, tmp_path: Path
) -> None:
    data, run = write_corpus(tmp_path / "c"), tmp_path / "run"
    paths = [str(Path(__file__).parent)]
    code = KILLED.format(paths=paths, victim=victim, run=str(run), data=str(data))
    killed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert list((run / "checkpoints").glob(".*.tmp"))
    resumed = job("vocos", run).trainer(corpus)
    assert resumed.step == 4
    assert not list((run / "checkpoints").glob(".*.tmp"))
    resumed.train()
    straight = job("vocos", tmp_path / "straight").trainer(corpus)
    straight.train()
    assert_equal(resumed, straight)
    assert sorted(os.listdir(run / "checkpoints")) == ["6.network.pt", "6.pt", "8.network.pt", "8.pt"]


@pytest.mark.parametrize("victim", ["4.pt", "4.network.pt"])
def test_a_damaged_checkpoint_is_passed_over_and_that_is_said(victim: str, corpus: Corpus, tmp_path: Path) -> None:
    job("vocos", tmp_path).trainer(corpus).train(until=4)
    path = tmp_path / "checkpoints" / victim
    path.write_bytes(path.read_bytes()[:100])
    said: list[str] = []
    resumed = job("vocos", tmp_path).trainer(corpus, say=said.append)
    assert resumed.step == 2
    assert said == ["checkpoint 4 can't be read; going on from 2, the steps after it are taken again"]
    records = [json.loads(line) for line in RunFolder(tmp_path).log.read_text().splitlines()]
    assert records[-1] == {"step": 2, "unreadable_checkpoints": [4]}
    resumed.train(until=4)
    said.clear()
    assert job("vocos", tmp_path).trainer(corpus, say=said.append).step == 4
    assert said == []


def test_a_damaged_checkpoint_does_not_push_out_a_newer_sound_one(corpus: Corpus, tmp_path: Path) -> None:
    """It has the higher step, and would count as the one to keep."""
    one = {"every_steps": 1, "keep_last": 1}
    job("vocos", tmp_path).trainer(corpus).train(until=4)
    (tmp_path / "checkpoints" / "4.pt").write_bytes(b"half of a checkpoint")
    job("vocos", tmp_path, checkpoints=one).trainer(corpus).train(until=3)
    assert job("vocos", tmp_path, checkpoints=one).trainer(corpus).step == 3
    job("vocos", tmp_path, checkpoints=one).trainer(corpus).train(until=5)
    assert sorted(os.listdir(tmp_path / "checkpoints")) == ["5.network.pt", "5.pt"]


def test_a_full_disk_stops_the_run_and_leaves_the_checkpoint_before(corpus: Corpus, tmp_path: Path) -> None:
    trainer = job("vocos", tmp_path).trainer(corpus)
    trainer.train(until=2)
    size = (tmp_path / "checkpoints" / "2.pt").stat().st_size
    with full_disk(size // 2), pytest.raises(OutputError, match="no space left"):
        trainer.train(until=4)
    assert RunFolder(tmp_path).steps() == [2]
    assert not list((tmp_path / "checkpoints").glob(".*"))
    assert job("vocos", tmp_path).trainer(corpus).step == 2


def test_what_was_logged_after_the_checkpoint_is_logged_once(corpus: Corpus, tmp_path: Path) -> None:
    log = {"every_steps": 1, "tensorboard": False}
    trainer = job("vocos", tmp_path, log=log).trainer(corpus)
    trainer.train(until=4)
    run = RunFolder(tmp_path)
    for step in (5, 6):
        run.append_log({"step": step, "loss": -1.0})
    with run.log.open("a") as file:
        file.write('{"step": 7, "lo')
    job("vocos", tmp_path, log=log).trainer(corpus).train()
    records = [json.loads(line) for line in run.log.read_text().splitlines()]
    assert [record["step"] for record in records if "loss" in record] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert all(record.get("loss", 0) >= 0 for record in records)


def test_the_network_of_a_checkpoint_can_be_loaded_alone(corpus: Corpus, tmp_path: Path) -> None:
    trainer = job("vocos", tmp_path, adversarial=SLIM).trainer(corpus)
    trainer.train(until=2)
    state = torch.load(tmp_path / "checkpoints" / "2.network.pt", weights_only=True)
    assert set(state) == {"step", "generator", "average"}
    assert all(torch.equal(state["generator"][name], tensor) for name, tensor in trainer.network.state_dict().items())
    rest = torch.load(tmp_path / "checkpoints" / "2.pt", weights_only=True)
    assert set(rest) == {"step", "best_score", "task", "optimizer"} and "discriminators" in rest["task"]


def test_a_full_disk_is_said_of_the_log_too(tmp_path: Path) -> None:
    run = RunFolder(tmp_path)
    run.append_log({"step": 1})
    with full_disk(16), pytest.raises(OutputError, match=r"log\.jsonl: no space left"):
        run.append_log({"step": 2, "loss": 1.0})
    run.cut_log(2)
    assert run.log.read_text() == '{"step": 1}\n'
