"""Given mels beside their recordings: another convention shows, and what predictions are like does not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from vocolab.audio import Audio
from vocolab.mels.conventions import convention
from vocolab.mels.extract import extract
from vocolab.training.given_mel_check import Pair, contradiction

RATE = 22_050
SPEC = convention("hifigan-22k")


def sound() -> np.ndarray:
    """Harmonics that glide under formants that move, with noise between: the shape of speech."""
    rng = np.random.default_rng(4)
    t = np.arange(2 * RATE) / RATE
    phase = 2 * np.pi * np.cumsum(150 + 50 * np.sin(2 * np.pi * 1.1 * t)) / RATE
    peak_hz = 1500 + 1000 * np.sin(2 * np.pi * 0.9 * t)
    voice = sum(np.sin(k * phase) * np.exp(-(((k * 150 - peak_hz) / 900) ** 2)) / k**0.3 for k in range(1, 45))
    envelope = np.clip(np.sin(2 * np.pi * 3.1 * t) + 0.3, 0, 1)
    hiss = np.clip(np.sin(2 * np.pi * 2.3 * t), 0, 1) ** 4 * rng.standard_normal(t.size)
    return np.float32(0.1 * envelope * voice + 0.02 * hiss + 1e-3 * rng.standard_normal(t.size))


SAMPLES = sound()


def mel(**changes) -> np.ndarray:
    return extract(Audio.mono(SAMPLES, RATE), replace(SPEC, **changes)).values


def told(values: np.ndarray) -> str:
    return contradiction([Pair(np.float32(values), SAMPLES)], SPEC)


@pytest.mark.parametrize(("values", "said"), [
    (mel() / np.log(10), "changes by 0.43, as log10 does"),
    (mel() * 8.686, "changes by 8.69"),
    (mel() + 4, "they stand +4.00 beside the recordings' own"),
    (mel()[::-1], "bands in reverse order"),
    (mel(mel_scale="htk"), "mel_scale = 'htk'"),
    (mel(fmax_hz=RATE / 2), "fmax_hz = 11025"),
])  # fmt: skip
def test_another_convention_is_named(values, said):
    assert said in told(values)


def smoothed(values: np.ndarray) -> np.ndarray:
    """What a model predicts: the mean of what is near in time."""
    kernel = np.hanning(9)[1:-1]
    return np.stack([np.convolve(row, kernel / kernel.sum(), mode="same") for row in values])


@pytest.mark.parametrize("values", [
    mel(), mel() - 0.7, smoothed(mel()), mel() + np.random.default_rng(0).normal(0, 0.7, mel().shape),
    mel(padding="center-trimmed"),
], ids=["their own", "6 dB quieter", "smooth", "noisy", "frames that stand elsewhere"])  # fmt: skip
def test_what_predictions_are_like_is_taken(values):
    assert told(values) == ""


def test_what_says_nothing_is_taken():
    assert told(np.full((80, 172), SPEC.silence)) == ""
    assert contradiction([], SPEC) == ""


def test_one_of_several_decides_nothing():
    right, wrong = Pair(mel(), SAMPLES), Pair(np.float32(mel() / np.log(10)), SAMPLES)
    assert contradiction([right, wrong, right], SPEC) == ""
    assert contradiction([wrong, right, wrong], SPEC)
