"""`vocolab render --f0 FILE`: the pitch of what comes out is that of the file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from vocolab.audio import Audio
from vocolab.mels.conventions import convention
from vocolab.mels.extract import extract
from vocolab.pitch import track

HARMONIC = ("--voice", "harmonic-22k")


@pytest.fixture
def sung(tmp_path: Path) -> Path:
    """The mel of a steady voice of 200 Hz, of a second and a half."""
    t = np.arange(33_000) / 22_050
    total = sum(np.sin(2 * np.pi * 200 * k * t) / k for k in range(1, 40))
    file = tmp_path / "sung.safetensors"
    extract(Audio.mono((0.1 * total).astype(np.float32), 22_050), convention("hifigan-22k")).save(file)
    return file


def test_the_curve_is_what_comes_out(cli, sung: Path) -> None:
    Path("curve.csv").write_text("time_s,f0_hz\n0,150\n2,150\n")
    result = cli("render", sung, *HARMONIC, "--f0", "curve.csv", "-o", "a.wav")
    assert result.code == 0, result.err
    assert "f0: that of curve.csv" in result.err and "band gains" not in result.err
    found = track(Audio.load("a.wav").samples[0], 22_050, 256)[10:-10]
    assert (found > 0).mean() > 0.8
    assert np.median(1200 * np.abs(np.log2(found[found > 0] / 150))) < 20


def test_where_the_curve_is_unvoiced_nothing_is_voiced(cli, sung: Path) -> None:
    frames = extract(Audio.mono(np.zeros(33_000, np.float32), 22_050), convention("hifigan-22k")).frames
    np.save("whisper.npy", np.zeros(frames))
    assert cli("render", sung, *HARMONIC, "--f0", "whisper.npy", "-o", "a.wav").code == 0
    assert (track(Audio.load("a.wav").samples[0], 22_050, 256) > 0).mean() < 0.15


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (np.full(19, 100.0), "19 values for the"), (np.full((2, 2), -100.0), "-100 Hz"), (np.array([np.nan]), "nan Hz"),
        (np.array([[0.0, 5_000.0], [9.0, 5_000.0]]), "5000 Hz"),
        (np.array([[0.0, 100.0], [0.1, 100.0]]), "cover the mel"),
    ],
)
def test_curves_that_cannot_be_sung_are_refused(cli, sung: Path, unchanged, content: np.ndarray, said: str) -> None:
    np.save("bad.npy", content)
    unchanged()
    result = cli("render", sung, *HARMONIC, "--f0", "bad.npy", "-o", "a.wav")
    assert result.code == 2
    assert said in result.error and "bad.npy" in result.err


def test_it_is_the_pitch_of_one_mel(cli, sung: Path, mel_file: Path) -> None:
    np.save("c.npy", np.full(9, 100.0))
    result = cli("render", sung, mel_file, "--f0", "c.npy", "--out-dir", "out")
    assert result.code == 2 and "one mel" in result.error
    result = cli("render", ".", "--f0", "c.npy", "--out-dir", "out")
    assert result.code == 2 and "one mel" in result.error


def test_a_vocoder_without_pitch_says_so(cli, sung: Path) -> None:
    np.save("c.npy", np.array([[0.0, 100.0], [9.0, 100.0]]))
    result = cli("render", sung, "--vocoder", "griffinlim", "--f0", "c.npy", "-o", "a.wav")
    assert result.code == 2 and "griffinlim takes no F0" in result.error


def test_what_would_undo_it_is_refused(cli, sung: Path) -> None:
    np.save("c.npy", np.array([[0.0, 100.0], [9.0, 100.0]]))
    result = cli("render", sung, *HARMONIC, "--f0", "c.npy", "--set", "vocoder.band_gains=4", "-o", "a.wav")
    assert result.code == 2 and "band_gains" in result.error
