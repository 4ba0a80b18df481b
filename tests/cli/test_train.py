"""`vocolab train` as a user calls it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from fixtures_corpus import write_corpus

from vocolab.audio import Audio
from vocolab.cli.main import run
from vocolab.mels.conventions import convention
from vocolab.mels.extract import extract
from vocolab.voice import Voice

RECIPE = """
summary = "A test's"
seed = 1
[model]
dim = 16
intermediate_dim = 16
num_layers = 1
[optimizer]
steps = 4
batch = 1
segment_frames = 16
[validation]
every_steps = 2
clips = 1
samples = 1
[log]
every_steps = 1
tensorboard = false
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("train")
    write_corpus(folder / "corpus")
    (folder / "recipe.toml").write_text(RECIPE)
    return folder


@pytest.fixture(scope="module")
def trained(folder: Path) -> Path:
    assert train(folder, "run", "--quiet") == 0
    assert run(["train", "export", str(folder / "run"), "-o", str(folder / "voice.safetensors"), "--licence", "CC0-1.0",
                "--quiet"]) == 0
    return folder


def train(folder: Path, name: str, *arguments: str, recipe: str = "recipe.toml") -> int:
    return run(["train", "vocos", str(folder / recipe), "--data", str(folder / "corpus"), "--run", str(folder / name),
                "--threads", "1", *arguments])


@pytest.mark.slow
def test_a_run_becomes_a_voice_that_renders(trained: Path, capsys: pytest.CaptureFixture[str]) -> None:
    voice = Voice.load(trained / "voice.safetensors")
    assert voice.model == "vocos" and voice.provenance["licence"] == "CC0-1.0"
    assert voice.provenance["recipe"]["optimizer"]["steps"] == 4 and "mel_l1" in voice.provenance["validation"]
    assert all(tensor.dtype == np.float16 for tensor in voice.tensors.values())
    mel = extract(Audio.load(trained / "corpus" / "wav" / "clip0.wav"), convention("hifigan-22k"))
    mel.save(trained / "mel.safetensors")
    assert run(["render", str(trained / "mel.safetensors"), "--voice", str(trained / "voice.safetensors"), "--vocoder",
                "vocos", "-o", str(trained / "out.wav"), "--quiet"]) == 0
    assert Audio.load(trained / "out.wav").n_samples == mel.frames * 256


@pytest.mark.slow
def test_a_run_that_is_called_again_goes_on(trained: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert train(trained, "again", "--until", "2") == 0
    assert train(trained, "again") == 0
    said = capsys.readouterr().err
    assert "resumed at step 2 of 4" in said and "step 4/4" in said and "2 clips" in said
    log = [json.loads(line) for line in (trained / "again" / "log.jsonl").read_text().splitlines()]
    assert [record["step"] for record in log if "loss" in record] == [1, 2, 3, 4]
    assert (trained / "again" / "samples" / "clip2" / "4.wav").exists()


@pytest.mark.slow
def test_a_voice_is_fine_tuned_on_given_mels(trained: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (trained / "mels").mkdir(exist_ok=True)
    for path in (trained / "corpus" / "wav").glob("*.wav"):
        np.save(trained / "mels" / f"{path.stem}.npy", extract(Audio.load(path), convention("hifigan-22k")).values)
    (trained / "fine.toml").write_text(RECIPE[: RECIPE.index("[model]")] + RECIPE[RECIPE.index("[optimizer]") :])
    voice = str(trained / "voice.safetensors")
    assert train(trained, "fine", "--from", voice, "--mels", str(trained / "mels"), recipe="fine.toml") == 0
    assert "2 clips have a mel" in capsys.readouterr().err
    assert run(["train", "export", str(trained / "fine"), "-o", str(trained / "fine.safetensors"), "--float32"]) == 0
    fine = Voice.load(trained / "fine.safetensors")
    assert fine.config == Voice.load(voice).config and fine.tensors["head.out.bias"].dtype == np.float32
    parent = fine.provenance["fine_tuned_from"]
    assert set(parent) == {"voice", "licence", "steps", "recipe", "weights_sha256"} and parent["steps"] == 4
    assert parent["voice"] == Path(voice).name and parent["recipe"]["summary"] == "A test's"
    assert fine.provenance["given_mels"]["folder"] == "mels" and fine.provenance["given_mels"]["clips"] == 2


@pytest.mark.slow
def test_a_student_learns_from_a_voice(trained: Path) -> None:
    text = RECIPE + f'[distill]\nvoice = "{trained / "voice.safetensors"}"\n'
    (trained / "student.toml").write_text(text)
    assert train(trained, "student", "--quiet", recipe="student.toml") == 0
    log = (trained / "student" / "log.jsonl").read_text()
    assert '"complex"' in log


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["train", "vocos", "{}/recipe.toml"], 2, "--data"),
        (["train", "griffinlim", "{}/recipe.toml", "--data", "{}/corpus"], 2, "griffinlim can't be trained"),
        (["train", "vocos", "{}/none.toml", "--data", "{}/corpus"], 2, "none.toml: the recipe can't be read"),
        (["train", "vocos", "{}/recipe.toml", "--data", "{}/corpus", "--from", "no-such-voice"], 2, "no-such-voice"),
        (["train", "hifigan", "{}/recipe.toml", "--data", "{}/corpus", "--from", "vocos-22k"], 2, "a voice of vocos"),
        (["train", "vocos", "{}/recipe.toml", "--data", "{}/nowhere"], 1, "nowhere"),
        (["train", "export", "{}/corpus", "-o", "{}/x.safetensors"], 1,
         "corpus: not a training run: there is no recipe.json in it; name the folder that 'vocolab train' wrote"),
        (["train", "export", "{}/nope", "-o", "{}/x.safetensors"], 1,
         "/nope: not a training run: there is no such folder"),
        (["train", "export", "{}/run", "-o", "{}/x.bin"], 2, "x.bin: a voice is written as .safetensors"),
        (["train", "hifigan", "{}/recipe.toml", "--data", "{}/nowhere"], 2,
         "/recipe.toml: [model] dim, intermediate_dim, num_layers: unknown options; options: conv_padding, "),
        (["train", "hifigan", "{}/recipe.toml", "--data", "{}/nowhere"], 2, "Is this a recipe for harmonic or vocos?"),
        (["train", "export", "{}/run"], 2, "--output"),
    ],
)
def test_wrong_calls_say_what_is_wrong(
    arguments: list[str], code: int, said: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([part.replace("{}", str(folder)) for part in arguments]) == code
    error = capsys.readouterr().err.strip()
    assert said in error and "\n" not in error


@pytest.mark.parametrize(("rank", "waited"), [("0", []), ("1", [10.0])])
def test_the_first_of_several_processes_tells_what_is_wrong_with_all(
    rank: str, waited: list[float], folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORLD_SIZE", "2")
    monkeypatch.setenv("LOCAL_RANK", rank)
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    for arguments in (["train", "vocos"], ["train", "vocos", str(folder / "none.toml"), "--data", str(folder)]):
        slept.clear()
        assert run(arguments) == 2
        assert slept == waited
        assert capsys.readouterr().err.count("vocolab: error: ") == 1  # who is not ended meanwhile failed alone


@pytest.mark.slow
def test_torchrun_prints_an_error_once(folder: Path) -> None:
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", "--no-python",
               "--", sys.executable, "-m", "vocolab", "train", "hifigan", str(folder / "recipe.toml"),
               "--data", str(folder / "nowhere"), "--run", str(folder / "several")]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode != 0 and ended.stderr.count("vocolab: error: ") == 1, ended.stderr
    assert "Is this a recipe for harmonic or vocos?" in ended.stderr


def test_a_run_without_a_folder_is_called_after_its_recipe(folder: Path, monkeypatch: pytest.MonkeyPatch,
                                                           tmp_path: Path) -> None:
    """Two recipes of one vocoder with one seed don't go on in each other's run."""
    monkeypatch.chdir(tmp_path)
    for name in ("one", "other"):
        (tmp_path / f"{name}.toml").write_text(RECIPE)
        assert run(["train", "vocos", f"{name}.toml", "--data", str(folder / "corpus"), "--until", "1", "--quiet"]) == 0
    assert sorted(path.name for path in (tmp_path / "runs").iterdir()) == ["one-1", "other-1"]


def test_help_names_both_uses(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["train", "--help"]) == 0
    text = capsys.readouterr().out
    assert "--from" in text and "vocolab train export RUN" in text and "torchrun" in text
    assert run(["train", "export", "--help"]) == 0
    assert "Usage: vocolab train export [OPTIONS] RUN" in capsys.readouterr().out
