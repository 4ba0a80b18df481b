"""Several processes: their shares are apart, their gradients are averaged, and one of them speaks for all."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from fixtures_corpus import write_corpus
from jobs import SLIM, job

from vocolab.cli.main import run
from vocolab.errors import CallError
from vocolab.training.corpus import Corpus
from vocolab.training.processes import Processes, joined, launched

STEPS = {"steps": 3, "batch": 2, "segment_frames": 16, "warmup_steps": 0}

WORKER = """
import json, os, sys
from pathlib import Path
sys.path.insert(0, {tests!r})
import torch
torch.set_num_threads(1)
from jobs import job
work = job({vocoder!r}, Path({run!r}), {optimizer!r}, **{tables!r})
said, records = [], []
trainer = work.run(Path({data!r}), said.append, records.append)
rank = trainer.processes.rank
state = trainer.network.state_dict()
content = {{"network": state, "task": trainer.task.state(), "said": said, "records": records}}
torch.save(content, {run!r} + f"-rank{{rank}}.pt")
"""


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def run_processes(code: str, count: int) -> None:
    """What torchrun does: the same program several times, each told its place."""
    common = {**os.environ, "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(free_port()), "WORLD_SIZE": str(count),
              "OMP_NUM_THREADS": "1"}
    places = [{"RANK": str(rank), "LOCAL_RANK": str(rank)} for rank in range(count)]
    started = [
        subprocess.Popen([sys.executable, "-c", code], env={**common, **place}, stderr=subprocess.PIPE, text=True)
        for place in places
    ]
    try:
        for process in started:
            _, errors = process.communicate(timeout=120)
            assert process.returncode == 0, errors
    finally:
        for process in started:
            process.kill()


def tables(**more: Any) -> dict[str, Any]:
    return {"log": {"every_steps": 1, "tensorboard": False}, "validation": {"every_steps": 3, "clips": 1, "samples": 0},
            **more}


def two_processes(
    vocoder: str, folder: Path, data: Path, optimizer: dict[str, Any], tables: dict[str, Any]
) -> list[dict[str, Any]]:
    """What both end with: the same weights, or this fails."""
    code = WORKER.format(tests=str(Path(__file__).parent), vocoder=vocoder, run=str(folder), optimizer=optimizer,
                         tables=tables, data=str(data))
    run_processes(code, 2)
    both = [torch.load(f"{folder}-rank{rank}.pt", weights_only=True) for rank in (0, 1)]
    for name, tensor in both[0]["network"].items():
        assert torch.equal(tensor, both[1]["network"][name]), name
    return both


@pytest.mark.slow
def test_an_objective_of_its_own_is_shared_too(corpus: Corpus, tmp_path: Path) -> None:
    two_processes("denoiser", tmp_path / "two", write_corpus(tmp_path / "c"), STEPS, tables())
    assert job("denoiser", tmp_path / "two", STEPS, **tables()).trainer(corpus).step == 3


@pytest.mark.slow
def test_two_processes_take_the_steps_of_one_with_twice_the_batch(tmp_path: Path) -> None:
    """The generator's and the discriminators' alike."""
    data = write_corpus(tmp_path / "c")
    more = {"adversarial": SLIM}
    optimizer = {**STEPS, "learning_rate": 1e-4}
    first, second = two_processes("vocos", tmp_path / "two", data, optimizer, tables(**more))
    judges = first["task"]["discriminators"]
    assert all(torch.equal(tensor, second["task"]["discriminators"][name]) for name, tensor in judges.items())
    assert first["said"] and not second["said"] and first["records"] and not second["records"]
    # Each step of one process with all four segments is the mean of two with two.
    alone = job("vocos", tmp_path / "one", {**optimizer, "batch": 4}, **tables(**more))
    trainer = alone.run(data, lambda line: None, lambda record: None)
    moved = torch.cat([tensor.flatten() for tensor in trainer.network.state_dict().values()])
    both = torch.cat([tensor.flatten() for tensor in first["network"].values()])
    fresh = torch.cat([tensor.flatten() for tensor in alone.trainable().network.state_dict().values()])
    assert float((moved - both).norm()) < 0.05 * float((moved - fresh).norm())
    log = [json.loads(line) for line in (tmp_path / "two" / "log.jsonl").read_text().splitlines()]
    assert [record["step"] for record in log] == [1, 2, 3, 3]


RECIPE = """
seed = 3
[model]
dim = 16
intermediate_dim = 16
num_layers = 1
[optimizer]
steps = 3
batch = 1
segment_frames = 16
[validation]
every_steps = 3
clips = 1
samples = 0
[log]
every_steps = 1
tensorboard = false
"""


@pytest.mark.slow
def test_torchrun_starts_one_training_of_two_processes(tmp_path: Path) -> None:
    """As the guide says it: `torchrun --nproc-per-node 2 --no-python -- vocolab train ...`."""
    data, recipe = write_corpus(tmp_path / "c"), tmp_path / "recipe.toml"
    recipe.write_text(RECIPE)

    def command(name: str) -> list[str]:
        return ["train", "vocos", str(recipe), "--data", str(data), "--run", str(tmp_path / name), "--threads", "1"]

    torchrun = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2", "--master-port"]
    vocolab = [sys.executable, "-c", "from vocolab.__main__ import main; main()"]
    done = subprocess.run(
        [*torchrun, str(free_port()), "--no-python", "--", *vocolab, *command("two")], capture_output=True, text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"}, timeout=240, check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("2 clips, ") == 1  # one of them speaks
    log = [json.loads(line) for line in (tmp_path / "two" / "log.jsonl").read_text().splitlines()]
    assert [record["step"] for record in log] == [1, 2, 3, 3]
    # Nearer to one process with both segments of a step than to one with the first alone: the second process trained.
    assert run([*command("half"), "--quiet"]) == 0
    recipe.write_text(RECIPE.replace("batch = 1", "batch = 2"))
    assert run([*command("whole"), "--quiet"]) == 0
    two, half, whole = (weights(tmp_path / name / "checkpoints" / "3.network.pt") for name in ("two", "half", "whole"))
    assert float((two - whole).norm()) < 0.2 * float((two - half).norm())


def weights(path: Path) -> torch.Tensor:
    state = torch.load(path, weights_only=True)["generator"]
    return torch.cat([tensor.flatten() for tensor in state.values()])


def test_processes_see_other_segments_and_together_those_of_one(corpus: Corpus, tmp_path: Path) -> None:
    whole = job("vocos", tmp_path / "whole", {"batch": 4, "accumulation": 2}).trainer(corpus).batches
    shares = []
    for rank in range(2):
        batches = job("vocos", tmp_path / f"{rank}", {"batch": 4}).trainer(corpus).batches
        batches.processes = Processes(rank, 2)
        shares.append(batches.of(3)[0])
    assert not torch.equal(shares[0].audio, shares[1].audio)
    torch.testing.assert_close(torch.cat([s.audio for s in shares]), torch.cat([b.audio for b in whole.of(3)]))
    draws = [torch.rand(3, generator=share.random) for share in shares]
    assert not torch.equal(*draws)


def test_alone_nothing_is_joined(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WORLD_SIZE", raising=False)
    assert not launched()
    with joined("cpu") as (processes, device):
        assert processes == Processes(0, 1) and processes.first and not processes.several
        assert device == torch.device("cpu") and not torch.distributed.is_initialized()
        processes.wait()


@pytest.mark.parametrize("variables", [
    {"WORLD_SIZE": "two"}, {"WORLD_SIZE": "9" * 5000}, {"WORLD_SIZE": "-1"}, {"WORLD_SIZE": "2", "LOCAL_RANK": "x"},
    {"WORLD_SIZE": "2"}, {"WORLD_SIZE": "2", "RANK": "x"}])
def test_an_environment_that_torchrun_did_not_make(
    variables: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("WORLD_SIZE", "LOCAL_RANK", "RANK", "MASTER_ADDR", "MASTER_PORT"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(CallError, match="torchrun"), joined("cpu"):
        pass
