"""F0 of known sounds."""

from __future__ import annotations

import numpy as np
import pytest

from vocolab.pitch import PitchOptions, track

RATE, HOP = 22_050, 256


def voice(f0_hz: np.ndarray | float, seconds: float = 1.0, rate: int = RATE, first: int = 1) -> np.ndarray:
    """Harmonics from `first` on that fall by 6 dB an octave."""
    f0 = np.broadcast_to(f0_hz, round(seconds * rate))
    phase = 2 * np.pi * np.cumsum(f0) / rate
    highest = int(rate / 2 / f0.max())
    total: np.ndarray = sum(np.cos(k * phase + k) / k for k in range(first, highest + 1))
    return (0.1 * total).astype(np.float32)


def cents(found: np.ndarray, true: np.ndarray | float) -> np.ndarray:
    return 1200 * np.abs(np.log2(found / true))


@pytest.mark.parametrize("f0_hz", [60, 85, 120, 220, 350, 500, 580])
def test_a_steady_voice_has_its_f0(f0_hz: float) -> None:
    found = track(voice(f0_hz), RATE, HOP)[3:-3]
    assert (found > 0).all()
    assert cents(found, f0_hz).max() < 8


@pytest.mark.parametrize(("rate", "hop"), [(16_000, 200), (22_050, 256), (24_000, 300), (48_000, 512)])
def test_every_rate_and_hop(rate: int, hop: int) -> None:
    found = track(voice(140, rate=rate), rate, hop)
    assert found.shape == (rate // hop,)
    assert cents(found[4:-4], 140).max() < 8


def test_the_fundamental_may_be_missing() -> None:
    found = track(voice(150, first=3), RATE, HOP)[3:-3]
    assert cents(found, 150).max() < 8


def test_a_glide_is_followed_at_the_right_time() -> None:
    f0 = 180 * 2 ** (0.5 * np.sin(2 * np.pi * 2 * np.arange(2 * RATE) / RATE))
    found = track(voice(f0, 2.0), RATE, HOP)
    true = f0[HOP // 2 :: HOP][: found.size]
    assert np.median(cents(found[4:-4], true[4:-4])) < 15
    later = np.median(cents(found[4:-5], true[5:-4]))
    assert later > np.median(cents(found[4:-4], true[4:-4]))


def test_noise_and_silence_are_unvoiced() -> None:
    noise = np.random.default_rng(0).standard_normal(RATE).astype(np.float32)
    assert (track(noise, RATE, HOP) > 0).mean() < 0.05
    assert not track(np.zeros(RATE, np.float32), RATE, HOP).any()


def test_voice_between_pauses_is_voiced_where_it_is() -> None:
    sound = np.concatenate([np.zeros(RATE // 2), voice(200, 0.5), np.zeros(RATE // 2)]).astype(np.float32)
    found = track(sound + 1e-4 * np.random.default_rng(0).standard_normal(sound.size).astype(np.float32), RATE, HOP)
    frames = np.arange(found.size) * HOP / RATE
    assert (found[(frames > 0.55) & (frames < 0.93)] > 0).all()
    assert not found[(frames < 0.4) | (frames > 1.08)].any()


def test_the_level_does_not_matter() -> None:
    sound = voice(170)
    np.testing.assert_allclose(track(sound, RATE, HOP), track(1e-3 * sound, RATE, HOP), rtol=1e-3)


def test_several_signals_at_once_are_what_they_are_one_by_one() -> None:
    signals = np.stack([voice(110), voice(230), np.random.default_rng(0).standard_normal(RATE).astype(np.float32)])
    together = track(signals, RATE, HOP)
    for row, signal in zip(together, signals, strict=True):
        np.testing.assert_allclose(row, track(signal, RATE, HOP), rtol=1e-3)


def test_the_range_is_the_options() -> None:
    found = track(voice(400), RATE, HOP, PitchOptions(lowest_hz=60, highest_hz=300))
    assert found.max() <= 310


@pytest.mark.parametrize("samples", [0, 1, 255, 256, 300])
def test_short_signals(samples: int) -> None:
    assert track(np.ones(samples, np.float32), RATE, HOP).shape == (samples // HOP,)
