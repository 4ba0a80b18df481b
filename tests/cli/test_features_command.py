"""`vocolab features`."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
from bounded import bounded
from fixtures_corpus import voiced

from vocolab.cli.main import run


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    path = tmp_path / "a.wav"
    voiced(0.5, 0).save(path, bit_depth=16)
    return path


def test_it_writes_beside_the_input(sound: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["features", str(sound)]) == 0
    with np.load(sound.with_name("a.features.npz")) as arrays:
        assert set(arrays) == {"mel_spec", "time_s", "f0_hz", "energy", "level_dbfs"}
    assert "frames voiced" in capsys.readouterr().err


def test_several_files_into_a_folder_with_pictures(sound: Path, tmp_path: Path) -> None:
    other = tmp_path / "b.wav"
    voiced(0.4, 1).save(other, bit_depth=16)
    out = tmp_path / "out"
    arguments = ["--out-dir", str(out), "--format", "json", "--method", "yin", "--plot"]
    assert run(["features", str(sound), str(other), *arguments]) == 0
    assert sorted(path.name for path in out.iterdir()) == [
        "a.features.json", "a.features.png", "b.features.json", "b.features.png"]
    assert json.loads((out / "a.features.json").read_text())["pitch"]["median_hz"] == pytest.approx(160, rel=0.3)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-o", "f.txt"], "features are written as .npz, .json, .csv"),
        (["--lowest-hz", "300", "--highest-hz", "200"], "--lowest-hz 300 is not below --highest-hz 200"),
        (["--mel-spec", "nothing"], "nothing"),
    ],
)
def test_wrong_calls(arguments: list[str], said: str, sound: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["features", str(sound), *arguments]) == 2
    assert said in capsys.readouterr().err


def test_a_bad_file_costs_itself_only(sound: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.wav").write_bytes(b"no sound")
    assert run(["features", str(tmp_path / "bad.wav"), str(sound)]) == 1
    assert sound.with_name("a.features.npz").exists()


def test_many_channels_cost_what_one_does(tmp_path: Path) -> None:
    """30 s of silence in 8 channels at 655,350 Hz: 630 MB of samples."""
    path = tmp_path / "silence.flac"
    with soundfile.SoundFile(path, "w", 655_350, 8, "PCM_16", format="FLAC") as file:
        for _ in range(30):
            file.write(np.zeros((655_350, 8), np.int16))
    assert bounded(lambda: run(["features", str(path)]), more_bytes=500_000_000, cpu_s=60).value == 0
