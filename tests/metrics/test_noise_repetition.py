"""Noise that repeats itself, and noise that does not."""

from __future__ import annotations

import numpy as np
import pytest
from test_metrics import pulses

from vocolab.audio import Audio
from vocolab.errors import AudioError
from vocolab.metrics import noise_modulation_db, repetition
from vocolab.metrics.noise import UPPER_BAND_HZ, NoiseSums, noise_stretches, noise_sums

RATE_HZ, HOP = 22_050, 256
HOP_S = HOP / RATE_HZ


def noise(n_samples: int, seed: int = 0) -> np.ndarray:
    return 0.1 * np.random.default_rng(seed).standard_normal(n_samples)


def audio(*pieces: np.ndarray, rate_hz: int = RATE_HZ) -> Audio:
    return Audio.mono(np.concatenate(pieces).astype(np.float32), rate_hz)


WHITE = audio(noise(200 * HOP))


def repeated(hops: int = 200, period: int = HOP) -> Audio:
    return audio(np.resize(noise(period, 5), hops * HOP))


def test_white_noise_neither_repeats_nor_swings() -> None:
    assert repetition(WHITE, WHITE, HOP_S) < 0.03
    assert abs(noise_modulation_db(WHITE, WHITE, HOP_S)) < 2.5


@pytest.mark.parametrize("hops", [1, 2, 3, 4])
def test_noise_that_repeats_every_few_hops_is_found(hops: int) -> None:
    assert repetition(WHITE, repeated(period=hops * HOP), HOP_S) > 0.98


def test_what_repeats_with_its_sign_turned_repeats() -> None:
    turned = np.resize(np.concatenate([noise(HOP, 5), -noise(HOP, 5)]), 200 * HOP)
    assert repetition(WHITE, audio(turned), HOP_S) > 0.98


def test_a_share_of_repeated_noise_is_its_power() -> None:
    """One part in four of the power repeats: the correlation is 1/4."""
    mixed = audio(np.sqrt(0.75) * noise(200 * HOP, 1) + np.sqrt(0.25) * np.resize(noise(HOP, 5), 200 * HOP))
    assert repetition(WHITE, mixed, HOP_S) == pytest.approx(0.25, abs=0.06)


def test_other_periods_than_a_hop_are_no_repetition() -> None:
    assert repetition(WHITE, repeated(period=round(1.37 * HOP)), HOP_S) < 0.25


def test_noise_at_the_rate_of_frames_swings_by_what_was_put_in() -> None:
    """Modulated by 1 + cos at the frame rate: half of the carrier's power stands in one line of the envelope."""
    n = 400 * HOP
    swing = 1 + np.cos(2 * np.pi * np.arange(n) / HOP)
    recorded = audio(noise(n))
    assert noise_modulation_db(recorded, audio(noise(n, 3) * swing), HOP_S) > 15
    beside = 1 + np.cos(2 * np.pi * np.arange(n) / (1.5 * HOP))
    assert noise_modulation_db(recorded, audio(noise(n, 3) * beside), HOP_S) < -10
    # and it is the envelope that swings; no sample is repeated
    assert repetition(recorded, audio(noise(n, 3) * swing), HOP_S) < 0.05


def test_a_pulse_train_is_voiced_and_has_no_figure() -> None:
    """Where the recording is one it is left out; where only the rendering is one, at the frame rate, it is found."""
    train = np.zeros(200 * HOP)
    train[::HOP] = 0.5
    with pytest.raises(AudioError, match="no noise-like stretch"):
        repetition(audio(train), audio(train), HOP_S)
    assert repetition(WHITE, audio(train), HOP_S) > 0.98


def test_only_the_unvoiced_stretches_of_the_recording_count() -> None:
    vowel = pulses(0.5, 110.0)
    hiss = noise(round(0.3 * RATE_HZ))
    recorded = audio(vowel, hiss, vowel)
    (begin_s, end_s), = noise_stretches(recorded, HOP_S)
    assert 0.5 <= begin_s < 0.56 and 0.74 < end_s <= 0.8
    buzzing = audio(np.resize(noise(HOP, 7), vowel.size), hiss, vowel)
    assert repetition(recorded, buzzing, HOP_S) < 0.1
    assert repetition(recorded, audio(vowel, np.resize(noise(HOP, 7), hiss.size), vowel), HOP_S) > 0.95


def test_hiss_far_under_the_loudest_and_silence_are_no_noise() -> None:
    recorded = audio(noise(60 * HOP), 0.005 * noise(60 * HOP, 1), np.zeros(60 * HOP))
    assert all(end_s < 62 * HOP_S for _, end_s in noise_stretches(recorded, HOP_S))
    assert noise_stretches(audio(np.zeros(9000)), HOP_S) == []
    assert noise_stretches(audio(noise(100)), HOP_S) == []


def test_a_quiet_rendering_is_measured_as_a_loud_one() -> None:
    quiet = Audio(1e-3 * repeated().samples, RATE_HZ)
    assert repetition(WHITE, quiet, HOP_S) == pytest.approx(repetition(WHITE, repeated(), HOP_S), abs=1e-4)


def test_the_band_above_8_khz_is_looked_at_for_itself() -> None:
    """At 48 kHz: repeated above 8 kHz alone, in noise that is new below."""
    rate_hz, hop = 48_000, 512
    n = 200 * hop
    spectrum, again = np.fft.rfft(noise(n)), np.fft.rfft(np.resize(noise(hop, 5), n))
    high = np.fft.rfftfreq(n, 1 / rate_hz) > 8000
    mixed = audio(np.fft.irfft(np.where(high, again, spectrum)), rate_hz=rate_hz)
    stretches = noise_stretches(audio(noise(n), rate_hz=rate_hz), hop / rate_hz)
    assert noise_sums(mixed, stretches, hop / rate_hz, UPPER_BAND_HZ).repetition > 0.95
    assert noise_sums(mixed, stretches, hop / rate_hz, (4000.0, 7000.0)).repetition < 0.1


def test_sums_of_clips_are_those_of_the_longer_clip() -> None:
    """What is added up over clips has less chance in it than the mean of their figures."""
    clips = [audio(noise(20 * HOP, seed)) for seed in range(40)]
    sums = [noise_sums(clip, noise_stretches(clip, HOP_S), HOP_S) for clip in clips]
    total = sum(sums, NoiseSums())
    assert total.seconds == pytest.approx(sum(part.seconds for part in sums))
    assert total.repetition < 0.02 < np.mean([part.repetition for part in sums])
    assert abs(total.modulation_db) < 1.0
    assert np.isnan(NoiseSums().repetition) and np.isnan(NoiseSums().modulation_db)
