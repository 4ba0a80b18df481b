"""The effects for events on what they are not made for: silence, noise, music, moments, odd rates and channels."""

from __future__ import annotations

import numpy as np
import pytest

from vocolab.audio import Audio
from vocolab_restoration.debreath import DeBreath
from vocolab_restoration.declick import DeClick
from vocolab_restoration.deplosive import DePlosive
from vocolab_restoration.options_events import DeBreathOptions, DeClickOptions, DePlosiveOptions
from vocolab_restoration.sections import SectionProcessor

EFFECTS = {
    "de-breath": DeBreath(DeBreathOptions()),
    "de-click": DeClick(DeClickOptions()),
    "de-plosive": DePlosive(DePlosiveOptions()),
}
each_effect = pytest.mark.parametrize("name", EFFECTS)


def chords(seconds: float, sample_rate: int) -> np.ndarray:
    """Music: a chord that changes every half second, with bass."""
    time = np.arange(round(seconds * sample_rate)) / sample_rate
    root_hz = 110 * 2 ** (np.floor(2 * time) % 5 / 12)
    phase = 2 * np.pi * np.cumsum(root_hz) / sample_rate
    return 0.1 * sum(np.sin(ratio * phase) for ratio in (0.5, 1.0, 1.25, 1.5, 2.0))


@each_effect
@pytest.mark.parametrize("sample_rate", [8_000, 48_000])
def test_silence_and_music_keep_every_bit(name, sample_rate):
    music = chords(3.0, sample_rate).astype(np.float32)
    for samples in (np.zeros(sample_rate, np.float32), music):
        np.testing.assert_array_equal(EFFECTS[name](Audio.mono(samples, sample_rate)).samples[0], samples)


@each_effect
def test_noise_is_left_alone(name):
    noise = (0.05 * np.random.default_rng(0).standard_normal(3 * 16_000)).astype(np.float32)
    assert np.mean(EFFECTS[name](Audio.mono(noise, 16_000)).samples[0] != noise) < 1e-3


@each_effect
@pytest.mark.parametrize("sample_rate", [8_000, 192_000])
def test_one_second_of_any_rate(name, sample_rate):
    audio = Audio.mono(chords(1.0, sample_rate), sample_rate)
    assert EFFECTS[name](audio).samples.shape == (1, sample_rate)


@each_effect
def test_a_dead_channel_stays_dead_and_opposite_ones_stay_opposite(name):
    rng = np.random.default_rng(1)
    sound = chords(2.0, 16_000) + 0.3 * (rng.random(32_000) < 1e-4)
    dead = EFFECTS[name](Audio(np.stack([sound, 0 * sound]).astype(np.float32), 16_000)).samples
    np.testing.assert_array_equal(dead[1], 0)
    opposite = EFFECTS[name](Audio(np.stack([sound, -sound]).astype(np.float32), 16_000)).samples
    np.testing.assert_allclose(opposite[1], -opposite[0], atol=1e-6)


def test_memory_does_not_grow_with_the_stream():
    """What waits is less than a window, and what is ready at most a latency, however long the stream has been."""
    processor = SectionProcessor(1, 1_000, 300, 200, lambda window, _: window[:, 300:1_300])
    for size in np.random.default_rng(0).integers(1, 5_000, 300):
        processor.process(np.zeros((1, int(size)), np.float32))
        assert processor._seen.shape[1] < 1_500
        assert processor._ready.shape[1] <= processor.latency_samples


def test_sections_come_out_late_by_their_latency():
    given = np.arange(1.0, 10_001.0, dtype=np.float32)[None]
    processor = SectionProcessor(1, 640, 100, 70, lambda window, _: window[:, 100:740])
    out = np.concatenate([processor.process(part) for part in np.split(given, [1, 2, 700, 4_000], axis=1)], axis=1)
    late = processor.latency_samples
    np.testing.assert_array_equal(out[0, late:], given[0, :-late])
    np.testing.assert_array_equal(out[0, :late], 0)
