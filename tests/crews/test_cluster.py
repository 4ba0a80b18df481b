"""A Ray cluster of two nodes on this machine: results as on one machine, and nodes that die or may not work."""

from __future__ import annotations

import json
import socket
import threading
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tiny_voices import SPEC, voice

from vocolab.audio import Audio
from vocolab.bench.speed.effects import sound
from vocolab.cli.main import run
from vocolab.crews import cluster as crew_module
from vocolab.mels.mel import Mel
from vocolab.mels.plausible import plausible_mel

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]  # Ray's own warnings are many
pytest.importorskip("ray", reason="vocolab[cluster] is not installed")

NODE = {"num_cpus": 1, "object_store_memory": 100 * 2**20}
PRESET = ["--lufs", "-20"]


@pytest.fixture(scope="module")
def nodes() -> Iterator[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from ray.cluster_utils import Cluster

        cluster = Cluster(initialize_head=True, head_node_args={"include_dashboard": False, **NODE})
        cluster.add_node(**NODE)
        yield cluster
        cluster.shutdown()


@pytest.fixture
def takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(0)
    for number in range(4):
        Audio(0.1 * rng.standard_normal((1, 44_100)).astype(np.float32), 22_050).save(f"take{number}.wav")
    Path("bad.wav").write_text("no audio")
    return ["take0.wav", "take1.wav", "bad.wav", "take2.wav", "take3.wav"]


def master(takes: list[str], folder: str, *more: str) -> tuple[int, dict[str, bytes]]:
    code = run(["master", *takes, *PRESET, "--out-dir", folder, *more])
    return code, {path.name: path.read_bytes() for path in Path(folder).iterdir()}


@pytest.mark.parametrize("files", ["path", "value"])
def test_the_files_are_those_of_one_machine(
    nodes: Any, takes: list[str], files: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, made = master(takes, "cluster", "--cluster", nodes.address, "--cluster-files", files)
    told = capsys.readouterr().err
    assert (code, made) == master(takes, "alone")
    assert len(made) == 4
    assert f"cluster: 2 nodes, 2 processors, files by {files}" in told
    assert "bad.wav" in told and "1 of 5 files failed" in told
    assert ".vocolab-cluster" not in told and "/in-" not in told  # nobody is told of places that are gone


def test_mels_are_rendered_as_on_one_machine(nodes: Any, takes: list[str]) -> None:
    voice("hifigan").save("tiny.safetensors")  # a file, which goes along
    for number in range(3):
        Mel(plausible_mel(SPEC, 20 + number, np.random.default_rng(number)), SPEC).save(f"mel{number}.safetensors")
    mels = [f"mel{number}.safetensors" for number in range(3)]

    def rendered(folder: str, *more: str) -> dict[str, bytes]:
        call = ["render", *mels, "--voice", "tiny.safetensors", "--engine", "torch", "--threads", "1"]
        assert run([*call, "--out-dir", folder, *more]) == 0
        return {path.name: path.read_bytes() for path in Path(folder).iterdir()}

    files = rendered("cluster", "--cluster", nodes.address, "--cluster-files", "value")
    assert len(files) == 3
    assert files == rendered("alone")


def test_the_figures_of_voices_are_those_of_one_machine(
    nodes: Any, takes: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("pesq", reason="vocolab[metrics] is not installed")
    Path("one/wavs").mkdir(parents=True)
    for name in ("c0", "c1"):
        sound(1.5).mono_at(22_050).save(f"one/wavs/{name}.wav")
    Path("one/metadata.csv").write_text("c0|One.\nc1|Two.\n")
    Path("one/validation.txt").write_text("c0\nc1\n")

    def measured(*more: str) -> list[dict[str, Any]]:
        capsys.readouterr()
        assert run(["bench", "quality", "--data", "one", "--vocoder", "griffinlim", "--json", *more]) == 0
        rows: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["data"]["rows"]
        return [{name: row[name] for name in ("label", "pesq_wb", "stoi")} for row in rows]

    assert measured("--cluster", nodes.address) == measured()


def test_a_text_is_spoken_as_on_one_machine(nodes: Any, takes: list[str]) -> None:
    call = ["say", "One.", "--engine", "torch", "--threads", "1", "--timestamps"]
    assert run([*call, "a.json", "-o", "a.wav", "--cluster", nodes.address]) == 0
    assert run([*call, "b.json", "-o", "b.wav"]) == 0
    assert Path("a.wav").read_bytes() == Path("b.wav").read_bytes()
    assert Path("a.json").read_text() == Path("b.json").read_text()


def test_a_node_that_is_killed_costs_only_its_retries(
    nodes: Any, takes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    placed: list[str] = []
    move = crew_module._move
    monkeypatch.setattr(crew_module, "_move", lambda made, place: (placed.append(place.name), move(made, place)))
    nodes.add_node(**NODE)
    many = [take for take in takes if take != "bad.wav"]
    for number in range(8):
        Path(f"more{number}.wav").write_bytes(Path("take0.wav").read_bytes())
        many.append(f"more{number}.wav")

    def kill() -> None:
        import ray

        while not placed:
            time.sleep(0.05)
        here = ray.get_runtime_context().get_node_id()  # the node of this process dies with this process only
        victim = next(node for node in nodes.worker_nodes if node.node_id != here)
        nodes.remove_node(victim, allow_graceful=False)  # with SIGKILL

    killing = threading.Thread(target=kill)
    killing.start()
    code, made = master(many, "cluster", "--cluster", nodes.address)
    killing.join()
    assert code == 0
    assert (code, made) == master(many, "alone")
    assert sorted(placed) == sorted(made)  # each once


def test_a_worker_with_another_version_is_refused_by_name(
    nodes: Any, takes: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    info = tmp_path / "other" / "vocolab-9.9.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: vocolab\nVersion: 9.9\n")
    with monkeypatch.context() as changed:
        changed.setenv("PYTHONPATH", str(info.parent))
        other = nodes.add_node(**NODE)
    try:
        code, made = master(takes, "cluster", "--cluster", nodes.address)
    finally:
        nodes.remove_node(other, allow_graceful=False)
    assert (code, made) == (1, {})
    told = capsys.readouterr().err
    assert "the worker " in told and other.node_id[:8] in told
    assert "has vocolab 9.9, and this machine has vocolab " in told


@pytest.mark.parametrize("call", [
    ["master", "take0.wav", *PRESET], ["render", "mel.npy", "--mel-spec", "hifigan-22k"], ["say", "One."],
], ids=["master", "render", "say"])  # fmt: skip
def test_an_address_without_a_cluster(takes: list[str], call: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    np.save("mel.npy", plausible_mel(SPEC, 20, np.random.default_rng(0)))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    assert run([*call, "-o", "out.wav", "--cluster", address]) == 2
    assert f"--cluster {address}: there is no Ray cluster" in capsys.readouterr().err
    assert not Path("out.wav").exists()
