"""Dither and quantisation: what the noise is, and what it does to a tone under the resolution."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import signal

from vocolab.files.dither import Quantiser, triangular_noise
from vocolab.files.shaping import noise_transfer

RATE_HZ = 48_000


def quantise(samples, bits, dither="tpdf", rate_hz=RATE_HZ):
    return Quantiser(bits, dither, 0, rate_hz, len(samples)).process(samples)


def harmonic(samples, tone_hz, number):
    """Amplitude of a harmonic in steps."""
    t = np.arange(samples.size) / RATE_HZ
    return 2 * abs(np.mean(samples * np.exp(-2j * np.pi * number * tone_hz * t)))


def tone(amplitude_steps, tone_hz=1000.0, bits=16, seconds=4):
    t = np.arange(int(seconds * RATE_HZ)) / RATE_HZ
    # Off the zero crossings: an exact zero is left alone.
    return (amplitude_steps * 2.0 ** (1 - bits) * np.sin(2 * np.pi * tone_hz * t + 0.3)).astype(np.float32)[None]


def test_noise_is_triangular():
    noise = triangular_noise(1, 0, 0, 400_000)
    assert abs(noise).max() < 1
    assert abs(noise.mean()) < 4 * np.sqrt(1 / 6 / noise.size)
    assert noise.var() == pytest.approx(1 / 6, rel=0.01)
    # A triangular density: P(|x| < a) = 2a - a^2.
    for a in (0.1, 0.5, 0.9):
        assert np.mean(abs(noise) < a) == pytest.approx(2 * a - a * a, abs=0.005)


def test_noise_is_white_and_of_its_own_in_each_channel():
    first, second = triangular_noise(1, 0, 0, 200_000), triangular_noise(1, 1, 0, 200_000)
    limit = 5 / np.sqrt(first.size)
    assert abs(np.corrcoef(first, second)[0, 1]) < limit
    for lag in (1, 2, 3, 4, 5):
        assert abs(np.corrcoef(first[lag:], first[:-lag])[0, 1]) < limit
    assert not np.array_equal(first, triangular_noise(2, 0, 0, 200_000))


@pytest.mark.parametrize("cut", [1, 2, 3, 4, 5, 997, 4096])
def test_noise_depends_on_the_absolute_sample_alone(cut):
    whole = triangular_noise(7, 3, 0, 10_000)
    parts = np.concatenate([triangular_noise(7, 3, at, min(cut, 10_000 - at)) for at in range(0, 10_000, cut)])
    np.testing.assert_array_equal(parts, whole)


def test_a_tone_under_one_step_survives_without_harmonics():
    """0.6 steps: rounded alone, its third harmonic stands 5 dB under it; dithered, nothing stands out of the noise."""
    samples = tone(0.6)
    steps, _ = quantise(samples, 16)
    assert harmonic(steps[0], 1000, 1) == pytest.approx(0.6, rel=0.02)
    assert harmonic(steps[0], 1000, 3) < 0.6 * 10 ** (-35 / 20)
    rounded = np.rint(samples[0] * 32768.0)
    assert harmonic(rounded, 1000, 3) > 0.6 * 10 ** (-8 / 20), "without dither this test would see it"


def test_no_offset_and_constant_noise():
    """Floor would leave -0.5 steps; noise that follows the signal would show in the variance."""
    for level in (0.01, 0.25, 0.5, 0.75):
        samples = np.full((1, 200_000), level * 2.0**-15, dtype=np.float32)
        error = quantise(samples, 16)[0][0] - level
        assert abs(error.mean()) < 0.01
        assert error.var() == pytest.approx(0.25, rel=0.02)  # 1/6 of the dither and 1/12 of the rounding


def test_digital_silence_stays_silent():
    steps, clipped = quantise(np.zeros((2, 1000), dtype=np.float32), 16)
    assert not steps.any()
    assert clipped == 0


@pytest.mark.parametrize("bits", [16, 24])
def test_full_scale_is_limited_once_and_never_wrapped(bits):
    top = 2 ** (bits - 1)
    samples = np.array([[1.0, 1.5, 100.0, -1.0, -1.5, -100.0, 0.0]], dtype=np.float32)
    steps, clipped = quantise(samples, bits)
    assert clipped == 4, "what is exactly full scale was not over it"
    assert (steps[0, 1:3] == top - 1).all()
    assert (steps[0, 4:6] == -top).all()
    assert abs(steps[0, [0, 3]] - [top, -top]).max() <= 2


def test_without_dither_samples_are_rounded():
    samples = np.array([[0.4, 0.6, 1.5, 2.5, -0.6]], dtype=np.float32) * np.float32(2.0**-15)
    assert quantise(samples, 16, "none")[0].tolist() == [[0, 1, 2, 2, -1]]


def band_db(error, low_hz, high_hz, rate_hz):
    frequencies, power = signal.welch(error, rate_hz, nperseg=4096)
    return 10 * np.log10(power[(frequencies >= low_hz) & (frequencies < high_hz)].mean())


@pytest.mark.parametrize("rate_hz", [44_100, 48_000])
def test_shaped_noise_lies_where_its_filter_says(rate_hz):
    samples = (0.1 * np.random.default_rng(1).standard_normal((1, 6 * rate_hz))).astype(np.float32)
    steps = samples[0].astype(np.float64) * 32768.0
    plain, shaped = (quantise(samples, 16, dither, rate_hz)[0][0] - steps for dither in ("tpdf", "shaped"))
    # The signal itself is untouched: what is left has no part of it.
    assert abs(np.corrcoef(shaped, steps)[0, 1]) < 0.01
    _, response = signal.freqz(noise_transfer(rate_hz), worN=np.arange(0, rate_hz / 2, 100), fs=rate_hz)
    for low_hz, high_hz in ((1000, 5000), (6000, 9000), (10_000, 20_000)):
        wanted = 10 * np.log10(np.mean(abs(response[low_hz // 100 : high_hz // 100]) ** 2))
        got = band_db(shaped, low_hz, high_hz, rate_hz) - band_db(plain, low_hz, high_hz, rate_hz)
        assert got == pytest.approx(wanted, abs=1.0)
    assert band_db(shaped, 1000, 5000, rate_hz) < band_db(plain, 1000, 5000, rate_hz) - 20
    assert band_db(shaped, 10_000, 20_000, rate_hz) > band_db(plain, 10_000, 20_000, rate_hz) + 10


@settings(max_examples=15, deadline=None)
@given(cuts=st.lists(st.integers(0, 5000), max_size=6), dither=st.sampled_from(["none", "tpdf", "shaped"]))
def test_blocks_can_be_cut_anywhere(cuts, dither):
    samples = (0.5 * np.random.default_rng(3).standard_normal((2, 5000))).astype(np.float32)
    quantiser = Quantiser(24, dither, 5, RATE_HZ, 2)
    edges = [0, *sorted(cuts), 5000]
    parts = [quantiser.process(samples[:, start:end])[0] for start, end in pairwise(edges)]
    whole, _ = Quantiser(24, dither, 5, RATE_HZ, 2).process(samples)
    np.testing.assert_array_equal(np.concatenate(parts, axis=1), whole)


def test_shaped_silence_is_silence_and_overload_recovers():
    assert not quantise(np.zeros((2, 1000), np.float32), 16, "shaped")[0].any()
    samples = np.concatenate([np.full((1, 500), 3.0), np.full((1, 500), 0.1)], axis=1).astype(np.float32)
    steps, clipped = quantise(samples, 16, "shaped")
    assert clipped == 500
    assert (steps[0, :500] == 32767).all()
    assert abs(steps[0, 500:] - 3276.8).max() < 40, "an error beyond full scale must not be fed back"
