"""Both ways to find candidates, on sounds that are known, and on those that lead trackers into another octave."""

from __future__ import annotations

import numpy as np
import pytest
from test_pitch_tracking import HOP, RATE, cents, voice

from vocolab.pitch import Method, PitchOptions, track
from vocolab.pitch.candidates import Candidates
from vocolab.pitch.yin import candidates, window_samples

METHODS: tuple[Method, ...] = ("autocorrelation", "yin")


def found(sound: np.ndarray, method: Method) -> np.ndarray:
    return track(sound.astype(np.float32), RATE, HOP, PitchOptions(method=method))[4:-4]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("f0_hz", [60, 110, 220, 440, 580])
def test_a_steady_voice(method: Method, f0_hz: float) -> None:
    f0 = found(voice(f0_hz), method)
    assert (f0 > 0).all() and cents(f0, f0_hz).max() < 20


@pytest.mark.parametrize("method", METHODS)
def test_a_strong_second_harmonic_is_no_octave_up(method: Method) -> None:
    time_s = np.arange(RATE) / RATE
    sound = 0.5 * voice(130) + 0.1 * np.sin(2 * np.pi * 260 * time_s)
    assert cents(found(sound, method), 130).max() < 30


@pytest.mark.parametrize("method", METHODS)
def test_periods_of_slightly_unlike_height_are_no_octave_down(method: Method) -> None:
    time_s = np.arange(RATE) / RATE
    uneven = 1 + 0.02 * np.sign(np.sin(2 * np.pi * 90 * time_s))  # every second period of 180 Hz is lower
    assert cents(found(voice(180) * uneven, method), 180).max() < 30


@pytest.mark.parametrize("method", METHODS)
def test_a_formant_on_a_harmonic_is_no_pitch(method: Method) -> None:
    time_s = np.arange(RATE) / RATE
    sound = voice(120) + 0.5 * np.sin(2 * np.pi * 600 * time_s)
    assert cents(found(sound, method), 120).max() < 30


@pytest.mark.parametrize("method", METHODS)
def test_a_moment_that_fits_an_octave_better_does_not_take_the_path_there(method: Method) -> None:
    sound = voice(150)
    middle = slice(RATE // 2, RATE // 2 + RATE // 50)  # 20 ms of nothing but the second harmonic
    sound[middle] = 0.1 * np.sin(2 * np.pi * 300 * np.arange(RATE // 50) / RATE)
    f0 = found(sound, method)
    assert cents(f0[f0 > 0], 150).max() < 60


@pytest.mark.parametrize("method", METHODS)
def test_noise_is_unvoiced(method: Method) -> None:
    noise = np.random.default_rng(0).standard_normal(RATE)
    assert (found(noise, method) > 0).mean() < 0.05


def test_the_difference_function_is_zero_at_the_period_and_its_multiples() -> None:
    rate = 10_000
    length = window_samples(rate, 60)
    frame = voice(200, 1.0, rate)[:length]
    got: Candidates = candidates(frame[None], rate, lowest_hz=60, highest_hz=600, count=4)
    assert sorted(np.round(got.f0_hz[0][got.strength[0] > 0.99]).tolist()) == [67, 100, 200]


@pytest.mark.parametrize("method", METHODS)
def test_other_moments_can_be_asked_for(method: Method) -> None:
    f0 = 150 * 2 ** (np.arange(RATE) / RATE)
    options = PitchOptions(method=method)
    at_hops = track(voice(f0), RATE, HOP, options, first_sample=0, frames=RATE // HOP + 1)
    assert at_hops.shape == (RATE // HOP + 1,)
    inner = slice(8, -8)
    true = f0[:: HOP][: at_hops.size]
    assert np.median(cents(at_hops[inner], true[inner])) < 8
