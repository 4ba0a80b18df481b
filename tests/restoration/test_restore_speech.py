"""The preset restore-speech: it repairs what is broken, and leaves alone what is not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from takes import take

import vocolab
from vocolab.audio import Audio
from vocolab.cli.main import run
from vocolab.metrics import pesq_wb
from vocolab.testing.faults import at_snr, coloured, hum

RATE_HZ = 16_000


def mono(samples: np.ndarray) -> Audio:
    return Audio.mono(samples.astype(np.float32), RATE_HZ)


def test_clean_speech_keeps_its_quality() -> None:
    clean = mono(take(12.0, RATE_HZ, 8))
    out = vocolab.preset("restore-speech")(clean)
    assert out.n_samples == clean.n_samples
    assert pesq_wb(clean, out) >= 4.4


def test_hum_and_noise_go() -> None:
    clean = take(12.0, RATE_HZ, 8)
    broken = at_snr(clean, coloured(len(clean), RATE_HZ, -3.0), 15.0, RATE_HZ)
    broken = at_snr(broken, hum(len(clean), RATE_HZ, 50.0, 8), 12.0, RATE_HZ)
    out = vocolab.preset("restore-speech")(mono(broken))
    assert pesq_wb(mono(clean), out) >= pesq_wb(mono(clean), mono(broken)) + 0.5


TIME_S = np.arange(3 * RATE_HZ) / RATE_HZ
NOISE = 0.1 * np.random.default_rng(0).standard_normal(3 * RATE_HZ)
WHAT_COMES = {
    "silence": mono(np.zeros(3 * RATE_HZ)),
    "pure noise": mono(NOISE),
    "music": mono(0.1 * sum(np.sin(2 * np.pi * f * TIME_S) for f in (220.0, 277.2, 329.6))),
    "one second": mono(take(1.0)),
    "telephone": mono(take(3.0)).mono_at(8_000),
    "192 kHz": mono(take(1.5)).mono_at(192_000),
    "a dead channel": Audio(np.stack([take(3.0), np.zeros(3 * RATE_HZ)]).astype(np.float32), RATE_HZ),
    "out of phase": Audio(np.stack([take(3.0), -take(3.0)]).astype(np.float32), RATE_HZ),
}


@pytest.mark.parametrize("what", WHAT_COMES)
def test_whatever_comes_leaves_as_long_and_as_many_channels(what: str) -> None:
    audio = WHAT_COMES[what]
    out = vocolab.preset("restore-speech")(audio)
    assert out.samples.shape == audio.samples.shape
    assert np.isfinite(out.samples).all()
    assert what != "silence" or not out.samples.any()
    assert what != "a dead channel" or not out.samples[1].any()


@pytest.mark.slow
def test_joined_with_a_preset_it_makes_a_finished_file(tmp_path: Path) -> None:
    clean = take(6.0, RATE_HZ, 8)
    mono(at_snr(clean, hum(len(clean), RATE_HZ), 12.0, RATE_HZ)).save(tmp_path / "in.wav")
    call = ["master", str(tmp_path / "in.wav"), "--preset", "restore-speech", "--preset", "podcast-mono", "-o",
            str(tmp_path / "out.wav")]
    assert run(call) == 0
    assert (tmp_path / "out.wav").is_file()
    assert run(["podcast" if word == "restore-speech" else word for word in call]) == 2
