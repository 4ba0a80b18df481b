"""Audio: channels and rates."""

from __future__ import annotations

import numpy as np
import pytest

from vocolab.audio import Audio

RATE_HZ = 22_050


def tone(frequency_hz: float, sample_rate: int, seconds: float = 1.0) -> np.ndarray:
    return np.sin(2 * np.pi * frequency_hz * np.arange(round(seconds * sample_rate)) / sample_rate).astype(np.float32)


def test_mono_is_the_mean_of_the_channels() -> None:
    left, right = tone(440, RATE_HZ), tone(1000, RATE_HZ)
    mono = Audio(np.stack([left, right]), RATE_HZ).mono_at(RATE_HZ)
    assert (mono.channels, mono.sample_rate) == (1, RATE_HZ)
    np.testing.assert_allclose(mono.samples[0], (left + right) / 2, atol=1e-7)


def test_mono_at_its_own_rate_is_what_it_was() -> None:
    audio = Audio.mono(tone(440, RATE_HZ), RATE_HZ)
    np.testing.assert_array_equal(audio.mono_at(RATE_HZ).samples, audio.samples)


@pytest.mark.parametrize("rate_hz", [16_000, 48_000])
def test_at_another_rate_a_tone_keeps_pitch_level_and_length(rate_hz: int) -> None:
    other = Audio(np.stack([tone(1000, RATE_HZ)] * 2), RATE_HZ).mono_at(rate_hz)
    assert other.sample_rate == rate_hz
    assert other.seconds == pytest.approx(1.0, abs=1e-3)
    inner = slice(rate_hz // 10, -rate_hz // 10)
    wanted = tone(1000, rate_hz)[: other.n_samples]
    np.testing.assert_allclose(other.samples[0, : wanted.size][inner], wanted[inner], atol=1e-3)
