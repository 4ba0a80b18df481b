"""Offsets and channels, by signals whose moments are known."""

from __future__ import annotations

import numpy as np
import pytest
from heard import heard, noise, only, words

RATE = 16_000
VOICE = words(6, RATE)


@pytest.mark.parametrize("percent", [0.5, -0.5, 2.0])
def test_an_offset_is_found_and_told(percent: float) -> None:
    found = only("dc-offset", VOICE - VOICE.mean() + percent / 100, RATE)
    assert found.is_fault and found.figures["dc_offset_percent"] == pytest.approx(percent, abs=0.001)
    assert [remedy.effect for remedy in found.remedies] == ["dc-removal"]


def test_a_small_offset_is_none() -> None:
    found = only("dc-offset", VOICE - VOICE.mean() + 0.001, RATE)
    assert not found.is_fault and found.figures["dc_offset_percent"] == pytest.approx(0.1, abs=0.001)


def test_the_worst_channel_is_told() -> None:
    found = only("dc-offset", np.stack([VOICE * 0 + 0.001, VOICE * 0 - 0.02]), RATE)
    assert found.figures["dc_offset_percent"] == pytest.approx(-2.0, abs=0.001)


@pytest.mark.parametrize(("dead", "said"), [(0, "dead left channel"), (1, "dead right channel")])
@pytest.mark.parametrize("rest", [0.0, 1e-4])
def test_a_dead_channel_is_named(dead: int, said: str, rest: float) -> None:
    samples = np.stack([VOICE, VOICE])
    samples[dead] = noise(6, RATE, rest, seed=1) + 0.01  # its offset is no sound
    found = only("channels", samples, RATE)
    assert found.is_fault and said in found.sentence and found.figures["dead_channels"] == (dead + 1,)
    assert "vocolab mix" in found.advice


@pytest.mark.parametrize("gain", [-1.0, -0.5])
def test_opposite_polarity_is_named(gain: float) -> None:
    found = only("channels", np.stack([VOICE, gain * VOICE + noise(6, RATE, 1e-3)]), RATE)
    assert found.is_fault and "out of phase" in found.sentence
    correlation, sum_db = found.figures["correlation"], found.figures["mono_sum_db"]
    assert isinstance(correlation, float) and correlation < -0.95
    assert isinstance(sum_db, float) and sum_db < -6


def test_unequal_channels() -> None:
    found = only("channels", np.stack([VOICE, 0.25 * VOICE + noise(6, RATE, 1e-4)]), RATE)
    assert found.is_fault and found.figures["level_difference_db"] == pytest.approx(12.04, abs=0.05)
    assert "left one is 12.0 dB louder" in found.sentence


def test_the_same_on_both_is_no_fault() -> None:
    found = only("channels", np.stack([VOICE, VOICE]), RATE)
    assert not found.is_fault and found.figures["identical"] is True and "mono on two channels" in found.sentence


def test_stereo_is_no_fault() -> None:
    found = only("channels", np.stack([VOICE + noise(6, RATE, 0.01), VOICE + noise(6, RATE, 0.01, seed=2)]), RATE)
    assert not found.is_fault and found.figures["identical"] is False


def test_silent_channels_of_surround_are_told_and_no_fault() -> None:
    samples = np.stack([VOICE, 0.7 * VOICE, VOICE, 0 * VOICE, 0.1 * VOICE, 0.1 * VOICE])
    found = only("channels", samples, RATE)
    assert not found.is_fault and found.figures["dead_channels"] == (4.0,)
    samples[1] *= -1
    assert "channels 1 and 2 are out of phase" in only("channels", samples, RATE).sentence


def test_mono_and_silence_have_no_channels_to_compare() -> None:
    assert heard("channels", VOICE, RATE) == []
    assert heard("channels", np.zeros((2, RATE)), RATE) == []
