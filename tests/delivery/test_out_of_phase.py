"""Two channels that take each other away where they are summed to mono are named, with both figures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from vocolab.audio import Audio
from vocolab.cli.main import run
from vocolab.loudness.phase import PhaseMeter

RATE = 16_000
VOICE = 0.1 * np.random.default_rng(0).standard_normal(2 * RATE)
OTHER = 0.1 * np.random.default_rng(1).standard_normal(2 * RATE)


def read(left: np.ndarray, right: np.ndarray, size: int = 999) -> PhaseMeter:
    meter = PhaseMeter()
    for block in Audio(np.stack([left, right]).astype(np.float32), RATE).blocks(size):
        meter.add(block)
    return meter


@pytest.mark.parametrize(("right", "correlation", "sum_db"), [
    (VOICE, 1.0, 0.0), (OTHER, 0.0, -3.0), (-VOICE, -1.0, -120.0), (-0.5 * VOICE, -1.0, -10.0),
    (0 * VOICE, 0.0, -3.0),
])
def test_what_is_read_is_what_is_there(right, correlation, sum_db) -> None:
    meter = read(VOICE, right)
    assert meter.correlation == pytest.approx(correlation, abs=0.02)
    assert meter.sum_db == pytest.approx(sum_db, abs=0.1)
    mean = 0.5 * (VOICE + right)
    if mean.any():
        measured = 10 * np.log10(np.mean(mean**2) / np.mean([np.mean(VOICE**2), np.mean(right**2)]))
        assert meter.sum_db == pytest.approx(measured, abs=0.01)
    assert meter.is_opposite == (correlation < -0.5)


def test_silence_is_no_fault() -> None:
    meter = read(0 * VOICE, 0 * VOICE)
    assert (meter.correlation, meter.sum_db, meter.is_opposite) == (0.0, 0.0, False)


@pytest.mark.parametrize("command", ["master", "album"])
def test_a_master_in_mono_names_it(command: str, tmp_path: Path, capsys) -> None:
    Audio(np.stack([VOICE, -0.9 * VOICE]).astype(np.float32), RATE).save(tmp_path / "phase.wav")
    Audio(np.stack([VOICE, VOICE]).astype(np.float32), RATE).save(tmp_path / "good.wav")
    call = ["master", str(tmp_path / "phase.wav"), str(tmp_path / "good.wav"), "--preset", "restore-speech",
            "--out-dir", str(tmp_path / "out"), *(["--album"] if command == "album" else [])]
    assert run([*call, "--channels", "1"]) == 0
    said = capsys.readouterr().err
    assert said.count("out of phase") == 1
    assert "phase.wav: its two channels are out of phase (correlation -1.00): summed to mono they are 25.6 dB" in said
    assert run(call) == 0
    assert "out of phase" not in capsys.readouterr().err, "nobody sums them"
