"""What a picture of a diagnosis is made of, and the picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from vocolab.audio import Audio
from vocolab.errors import CallError
from vocolab.findings import Finding, Mark
from vocolab.loudness.spectrogram import Spectrogram
from vocolab.pictures.loudness import walk_through

RATE = 16_000


def of(samples: np.ndarray, rate: int = RATE, block_samples: int = 1000) -> Spectrogram:
    made = Spectrogram(rate, len(samples), samples.shape[1])
    for start in range(0, samples.shape[1], block_samples):
        made.add(samples[:, start : start + block_samples].astype(np.float32))
    return made


@pytest.mark.parametrize("frequency_hz", [200.0, 1000.0, 6000.0])
def test_a_tone_is_at_its_frequency_while_it_lasts(frequency_hz: float) -> None:
    tone = np.sin(2 * np.pi * frequency_hz * np.arange(4 * RATE) / RATE)
    tone[2 * RATE :] = 0
    made = of(tone[None])
    levels_db = made.levels_db()
    column = levels_db.shape[1] // 4
    assert made.centres_hz[levels_db[:, column].argmax()] == pytest.approx(frequency_hz, rel=0.06)
    assert levels_db[:, -5:].max() < levels_db[:, column].max() - 100


def test_columns_are_bounded_and_cuts_do_not_matter() -> None:
    noise = np.random.default_rng(0).standard_normal((2, 100 * RATE)) * 0.1
    whole, parts = (of(noise, block_samples=size).levels_db() for size in (100 * RATE, 4321))
    assert whole.shape[1] <= 1600
    np.testing.assert_allclose(whole, parts, atol=1e-6)


@pytest.mark.parametrize("samples", [np.zeros((1, 10)), np.zeros((2, RATE)), np.full((1, 1), 0.5)])
def test_short_and_silent_ones(samples: np.ndarray) -> None:
    assert not np.isnan(of(samples).levels_db()).any()


@pytest.mark.parametrize("suffix", ["png", "svg"])
def test_a_picture(suffix: str, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    from vocolab.pictures.diagnosis import draw_diagnosis

    audio = Audio.mono(0.1 * np.random.default_rng(0).standard_normal(2 * RATE), RATE)
    spectrogram = Spectrogram(RATE, 1, audio.n_samples)
    walk = walk_through(audio, spectrogram)
    findings = [
        Finding(fault="hum", is_fault=True, sentence="hum of $50 Hz$", marks=(Mark(0, 2, 45, 55), Mark(0, 2, None, 9))),
        Finding(fault="clicks", is_fault=True, sentence="clicks", marks=tuple(Mark(n / 999, 1) for n in range(999))),
        Finding(fault="dc-offset", is_fault=True, sentence="everywhere"),
        Finding(fault="noise", is_fault=False, sentence="quiet"),
    ]
    file = tmp_path / f"picture.{suffix}"
    draw_diagnosis(walk, spectrogram, findings, file, "take.wav")
    assert file.stat().st_size > 10_000
    if suffix == "svg":
        text = file.read_text()
        assert "clicks" in text and "quiet" not in text


def test_nothing_wrong_and_silence(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    from vocolab.pictures.diagnosis import draw_diagnosis

    audio = Audio.mono(np.zeros(RATE), RATE)
    spectrogram = Spectrogram(RATE, 1, audio.n_samples)
    draw_diagnosis(walk_through(audio, spectrogram), spectrogram, [], tmp_path / "a.png", "silence.wav")
    assert (tmp_path / "a.png").is_file()
    with pytest.raises(CallError):
        draw_diagnosis(walk_through(audio), spectrogram, [], tmp_path / "a.xyz")
