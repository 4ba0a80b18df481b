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


@pytest.mark.slow
def test_joined_with_a_preset_it_makes_a_finished_file(tmp_path: Path) -> None:
    clean = take(6.0, RATE_HZ, 8)
    mono(at_snr(clean, hum(len(clean), RATE_HZ), 12.0, RATE_HZ)).save(tmp_path / "in.wav")
    call = ["master", str(tmp_path / "in.wav"), "--preset", "restore-speech", "--preset", "podcast-mono", "-o",
            str(tmp_path / "out.wav")]
    assert run(call) == 0
    assert (tmp_path / "out.wav").is_file()
    assert run(["podcast" if word == "restore-speech" else word for word in call]) == 2
