"""De-plosive: inserted thumps are 12 dB down under 80 Hz, vowels and clean speech keep every bit."""

from __future__ import annotations

import numpy as np
import pytest
from restoration.takes import take
from scipy.signal import butter, sosfiltfilt

from vocolab.audio import Audio
from vocolab.metrics import pesq_wb
from vocolab.testing.fault_events import thump, with_thumps
from vocolab_restoration.deplosive import DePlosive
from vocolab_restoration.options_events import DePlosiveOptions

RATE = 16_000


def mended(samples: np.ndarray, sample_rate: int = RATE, **options: float) -> np.ndarray:
    return DePlosive(DePlosiveOptions(**options))(Audio.mono(samples, sample_rate)).samples[0]


def under_80_hz(samples: np.ndarray) -> np.ndarray:
    return sosfiltfilt(butter(4, 80, fs=RATE, output="sos"), samples)


def test_thumps_are_12_db_down_under_80_hz():
    clean = take(25.0, RATE)
    thumped, places = with_thumps(clean, RATE, 6.0, seed=1)
    after = mended(thumped)
    before, left = under_80_hz(thumped - clean), under_80_hz(after - clean)
    down_db = [10 * np.log10(np.sum(before[a:b] ** 2) / np.sum(left[a:b] ** 2)) for a, b in places]
    assert len(places) >= 5
    assert np.mean(np.array(down_db) >= 12) >= 0.95
    assert np.median(down_db) > 20


def test_it_touches_nothing_else():
    """No bit away from the thumps, and over 150 Hz not even there."""
    clean = take(25.0, RATE)
    thumped, places = with_thumps(clean, RATE, 6.0, seed=1)
    after = mended(thumped)
    near = np.zeros(len(clean), bool)
    for start, stop in places:
        near[max(0, start - RATE // 10) : stop + RATE // 10] = True
    np.testing.assert_array_equal(after[~near], np.float32(thumped)[~near])
    change = sosfiltfilt(butter(8, 150, "highpass", fs=RATE, output="sos"), after - thumped)
    assert np.sqrt(np.mean(change**2)) < 1e-3 * np.sqrt(np.mean(clean**2))


def test_clean_speech_keeps_every_bit():
    clean = take(25.0, RATE)
    after = mended(clean)
    np.testing.assert_array_equal(after, np.float32(clean))
    assert pesq_wb(Audio.mono(clean[: 8 * RATE], RATE), Audio.mono(after[: 8 * RATE], RATE)) >= 4.4


@pytest.mark.parametrize("f0_hz", [75.0, 110.0, 220.0])
def test_vowels_of_any_voice_are_untouched(f0_hz):
    """Vowels of 0.2 s, with pauses between them, whose fundamental is their strongest harmonic."""
    time = np.arange(4 * RATE) / RATE
    syllables = np.clip(20 * np.sin(2 * np.pi * 2.5 * time), 0, 1)
    vowel = sum(np.sin(2 * np.pi * k * f0_hz * time + k) / k for k in range(1, 12)) * syllables
    np.testing.assert_array_equal(mended(0.1 * vowel), np.float32(0.1 * vowel))


def test_hum_rumble_and_an_offset_are_no_thumps():
    time = np.arange(5 * RATE) / RATE
    rumble = under_80_hz(np.random.default_rng(0).standard_normal(len(time)))
    for steady in (0.2 * np.sin(2 * np.pi * 50 * time), 0.5 * rumble, np.full(len(time), 0.3)):
        np.testing.assert_array_equal(mended(steady), np.float32(steady))


def test_how_much_is_taken_is_stated():
    gust = np.zeros(3 * RATE)
    start = RATE + 7
    one = thump(RATE, np.random.default_rng(0))
    gust[start : start + len(one)] = 0.3 * one
    inside = slice(start, start + len(one) // 2)
    left = mended(gust, reduction_db=12.0)[inside]
    assert 20 * np.log10(np.std(left) / np.std(gust[inside])) == pytest.approx(-12, abs=0.6)
    np.testing.assert_array_equal(mended(gust, reduction_db=0.0), np.float32(gust))
