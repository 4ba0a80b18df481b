from __future__ import annotations

import numpy as np
import pytest
from speech_like import speech_like

from vocolab.audio import Audio
from vocolab_mastering.mono_to_stereo import MonoToStereo
from vocolab_mastering.options_tone import MonoToStereoOptions, WidenerOptions
from vocolab_mastering.widener import Widener

RATE = 48_000


def widened(audio: Audio, **options: float) -> Audio:
    return Widener(WidenerOptions(**options))(audio)


def stereo_speech(seconds: float = 4.0, rate: int = RATE) -> Audio:
    """A voice in the middle and something else, softer, on the sides."""
    voice = speech_like(seconds, rate, seed=1).samples
    sides = speech_like(seconds, rate, seed=2, channels=1).samples * 0.3
    return Audio(np.concatenate([voice + sides, voice - sides]), rate)


def correlation(audio: Audio) -> float:
    left, right = audio.samples.astype(np.float64)
    return float(left @ right / np.sqrt((left @ left) * (right @ right)))


@pytest.mark.parametrize("rate", [8_000, 44_100, 192_000])
@pytest.mark.parametrize("width", [0.0, 0.5, 1.2, 2.0])
@pytest.mark.parametrize("channels", [1, 2])
def test_the_mono_sum_is_the_inputs(rate, width, channels):
    source = stereo_speech(1.0, rate)
    audio = source if channels == 2 else Audio(source.samples[:1], rate)
    result = widened(audio, width=width).samples.astype(np.float64)
    both = np.broadcast_to(audio.samples, (2, audio.n_samples))
    np.testing.assert_allclose(result.sum(axis=0), both.sum(axis=0, dtype=np.float64), atol=1e-5)


def test_a_width_of_one_changes_no_bit():
    audio = stereo_speech()
    np.testing.assert_array_equal(widened(audio, width=1.0).samples, audio.samples)
    mono = Audio(audio.samples[:1], RATE)
    np.testing.assert_array_equal(widened(mono, width=1.0).samples, np.repeat(mono.samples, 2, axis=0))


def test_a_width_of_nothing_is_mono_and_narrower_is_narrower():
    audio = stereo_speech()
    left, right = widened(audio, width=0.0).samples
    np.testing.assert_allclose(left, right, atol=1e-6)
    assert correlation(widened(audio, width=0.5)) > correlation(audio)


@pytest.mark.parametrize("width", [0.3, 1.7])
def test_without_haas_the_side_is_scaled(width):
    audio = stereo_speech(1.0)
    side = audio.samples[0] - audio.samples[1]
    left, right = widened(audio, width=width, haas=0.0).samples
    np.testing.assert_allclose(left - right, width * side, atol=1e-6)


@pytest.mark.parametrize("width", [1.2, 1.5, 2.0])
def test_a_mono_source_gets_wide_and_stays_correlated(width):
    """r = (1 - h) / (1 + h) with h <= g^2 the power of the copy over that of the middle."""
    mono = speech_like(4.0, RATE)
    found = correlation(widened(mono, width=width))
    g = width - 1
    assert max((1 - g**2) / (1 + g**2), 0) < found < 1 - 0.2 * g**2


@pytest.mark.parametrize("width", [1.2, 1.6])
def test_a_stereo_source_stays_correlated(width):
    audio = stereo_speech()
    assert 0 < correlation(widened(audio, width=width)) < correlation(audio)


def test_the_copy_is_late_and_has_no_lows():
    impulse = np.zeros((1, RATE), np.float32)
    impulse[0, 1000] = 1
    left, right = widened(Audio(impulse, RATE), width=1.5, delay_ms=15.0, highpass_hz=250.0).samples
    side = (left - right) / 2
    assert not side[: 1000 + 720].any()
    assert side[1000 + 720] == pytest.approx(0.5, rel=0.1)
    spectrum = np.abs(np.fft.rfft(side))
    assert 20 * np.log10(spectrum[250] / 0.5) == pytest.approx(-3.01, abs=0.05)
    assert 20 * np.log10(spectrum[60] / 0.5) < -24


def test_of_six_channels_four_pass():
    audio = Audio(np.random.default_rng(0).standard_normal((6, 3000)), RATE)
    result = widened(audio, width=1.8).samples
    np.testing.assert_array_equal(result[2:], audio.samples[2:])
    assert np.abs(result[:2] - audio.samples[:2]).max() > 0.1


def test_at_a_rate_without_room_for_the_copy_only_the_side_is_wider():
    audio = Audio(np.random.default_rng(0).standard_normal((2, 3000)).astype(np.float32), 4_000)
    copied, plain = (widened(audio, width=1.5, highpass_hz=1_900.0, haas=haas).samples for haas in (1.0, 0.0))
    np.testing.assert_array_equal(copied, plain)


def test_mono_to_stereo_is_twice_the_same_and_stereo_passes():
    effect = MonoToStereo(MonoToStereoOptions())
    mono = speech_like(0.5, RATE)
    np.testing.assert_array_equal(effect(mono).samples, np.repeat(mono.samples, 2, axis=0))
    stereo = stereo_speech(0.5)
    np.testing.assert_array_equal(effect(stereo).samples, stereo.samples)
