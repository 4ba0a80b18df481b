"""Loudness by turn, and sibilance, by signals whose levels are known."""

from __future__ import annotations

import numpy as np
import pytest
from heard import heard, noise, only, words
from scipy.signal import butter, sosfilt

import vocolab
from vocolab.audio import Audio

RATE = 16_000
PAUSE = np.zeros(RATE)


def two(difference_db: float) -> np.ndarray:
    parts = [words(8, RATE), PAUSE, words(8, RATE, -26 - difference_db, seed=1), PAUSE, words(8, RATE, seed=2)]
    return np.concatenate(parts) + noise(26, RATE, 1e-4)


def test_two_speakers_at_two_levels() -> None:
    found = only("levels", two(12), RATE)
    assert found.is_fault and found.figures["turns"] == 3
    starts, levels = found.figures["turn_start_s"], found.figures["turn_lufs"]
    assert isinstance(starts, tuple) and isinstance(levels, tuple)
    assert starts == pytest.approx((0, 9, 18), abs=0.3)
    assert levels[0] - levels[1] == pytest.approx(12, abs=0.5) and levels[0] == pytest.approx(levels[2], abs=0.5)
    assert len(found.marks) == 3 and found.remedies[0].settings["max_boost_db"] == 12


def test_a_turn_reads_as_the_meter_does() -> None:
    voice = words(10, RATE)
    found = only("levels", voice, RATE)
    integrated = vocolab.measure(Audio.mono(voice, RATE)).integrated_lufs
    assert not found.is_fault and found.figures["turn_lufs"] == pytest.approx((integrated,), abs=0.7)


def test_one_speaker_is_at_one_level() -> None:
    assert not only("levels", two(2), RATE).is_fault


def test_who_says_a_tenth_counts_for_nothing() -> None:
    parts = [words(20, RATE), PAUSE, words(1, RATE, -40)]
    assert not only("levels", np.concatenate(parts), RATE).is_fault


@pytest.mark.parametrize("samples", [np.zeros(RATE), noise(0.3, RATE), np.zeros(0)])
def test_what_is_no_speech_has_no_turns(samples: np.ndarray) -> None:
    assert heard("levels", samples, RATE) == []


def with_sibilants(over_db: float, rate: int = 44_100) -> np.ndarray:
    """Vowels, and every half second a burst of highs so far over them."""
    voice = words(8, rate)
    highs = sosfilt(butter(4, 6_000, btype="highpass", fs=rate, output="sos"), noise(8, rate, 1.0))
    bursts = np.arange(8 * rate) % (rate // 2) < 0.1 * rate
    level = 10 ** (over_db / 20) * np.sqrt(np.mean(np.square(voice)) / np.mean(np.square(highs)))
    return np.where(bursts, level * highs, voice)


def test_sharp_sibilants_are_found_and_marked() -> None:
    found = only("sibilance", with_sibilants(18), 44_100)
    assert found.is_fault and 8 <= len(found.marks) <= 17
    assert found.remedies[0].effect == "de-esser"


def test_more_highs_read_as_much_higher() -> None:
    soft, sharp = (only("sibilance", with_sibilants(level), 44_100).figures["sibilance_db"] for level in (-6, 2))
    assert isinstance(soft, float) and isinstance(sharp, float) and sharp - soft == pytest.approx(8, abs=1)
    assert not only("sibilance", with_sibilants(-6), 44_100).is_fault


def test_a_telephone_has_no_sibilants_to_hear() -> None:
    assert heard("sibilance", words(4, 8_000), 8_000) == []
