"""Noise that a vocoder invents is drawn anew; what is voiced stays."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from fake_vocoders import HIFIGAN, Carrier, part
from fixtures_corpus import voiced
from hypothesis import given, settings
from hypothesis import strategies as st

from vocolab.audio import Audio
from vocolab.mels.conventions import convention
from vocolab.mels.extract import extract
from vocolab.mels.scaling import silence
from vocolab.metrics import repetition
from vocolab.postfilters.band_gains import Levelled
from vocolab.postfilters.fresh_noise import FreshNoise
from vocolab.postfilters.noisiness import noisiness

HOP = HIFIGAN.hop_samples


class Buzz(Carrier):
    """The same noise in every frame, as a network makes it that is given none."""

    def render(self, mel: np.ndarray, *, first_frame: int = 0, seed: int = 0) -> np.ndarray:
        once = np.random.default_rng(1).standard_normal(self.hop).astype(np.float32)
        return np.tile(np.float32(0.1) * once, mel.shape[1])


def white(n_frames: int = 200, spec=HIFIGAN, seed: int = 0) -> Audio:
    noise = 0.1 * np.random.default_rng(seed).standard_normal(n_frames * spec.hop_samples)
    return Audio.mono(noise.astype(np.float32), spec.sample_rate)


def test_noise_that_repeats_itself_does_so_no_longer() -> None:
    recorded = white()
    mel = extract(recorded, HIFIGAN).values
    before = Audio.mono(Buzz().render(mel), HIFIGAN.sample_rate)
    fresh = FreshNoise(Buzz())
    after = Audio.mono(fresh.render(mel), HIFIGAN.sample_rate)
    levelled = Audio.mono(Levelled(fresh, 8).render(mel), HIFIGAN.sample_rate)
    hop_s = HOP / HIFIGAN.sample_rate
    assert repetition(recorded, before, hop_s) > 0.95
    assert repetition(recorded, after, hop_s) < 0.15
    assert repetition(recorded, levelled, hop_s) < 0.1


def test_its_level_is_that_of_what_it_stands_for() -> None:
    mel = extract(white(), HIFIGAN).values
    before, after = Buzz().render(mel), FreshNoise(Buzz()).render(mel)
    inner = slice(4 * HOP, -4 * HOP)
    change_db = 10 * np.log10(np.mean(np.square(after[inner])) / np.mean(np.square(before[inner])))
    assert change_db == pytest.approx(0.0, abs=2.0)  # the lines of a comb have more power than their mean magnitude


class Kept(Carrier):
    """Gives a recording back."""

    def __init__(self, recording: Audio) -> None:
        super().__init__()
        self.recording = recording.samples[0]

    def render(self, mel: np.ndarray, *, first_frame: int = 0, seed: int = 0) -> np.ndarray:
        n = mel.shape[1] * self.hop
        return self.recording[first_frame * self.hop :][:n]


def test_what_is_voiced_stays() -> None:
    recording = voiced(1.0, 0)
    mel = extract(recording, HIFIGAN).values
    kept = Kept(recording).render(mel)
    inner = slice(8 * HOP, -8 * HOP)
    left = FreshNoise(Kept(recording)).render(mel)[inner] - kept[inner]
    assert 10 * np.log10(np.mean(np.square(left)) / np.mean(np.square(kept[inner]))) < -10


@pytest.mark.parametrize("name", ["hifigan-22k", "tacotron2-22k", "pwg-24k", "vocos-24k", "studio-48k"])
def test_every_convention_tells_noise_from_voice(name: str) -> None:
    spec = convention(name)
    noise = noisiness(extract(white(200, spec), spec).values, spec)[8:-8]
    voice = noisiness(extract(voiced(1.0, 0, spec.sample_rate), spec).values, spec)[8:-8]
    assert noise.min() > 0.8 and voice.mean() < 0.2
    quiet = noisiness(extract(Audio(0.01 * white(200, spec).samples, spec.sample_rate), spec).values, spec)[8:-8]
    np.testing.assert_allclose(quiet, noise, atol=0.1)


def test_silence_stays_silent() -> None:
    assert not FreshNoise(Carrier()).render(silence(HIFIGAN, 50)).any()


def test_the_seed_decides_the_noise() -> None:
    mel = extract(white(40), HIFIGAN).values
    fresh = FreshNoise(Buzz())
    np.testing.assert_array_equal(fresh.render(mel, seed=3), fresh.render(mel, seed=3))
    assert np.abs(fresh.render(mel, seed=3) - fresh.render(mel, seed=4)).max() > 0.01


@pytest.mark.parametrize("frames", [1, 2, 3, 7])
@pytest.mark.parametrize("name", ["hifigan-22k", "tacotron2-22k", "studio-48k"])
def test_lengths_are_exact(name: str, frames: int) -> None:
    spec = convention(name)
    samples = FreshNoise(Carrier(spec)).render(np.zeros((spec.n_mels, frames), np.float32))
    assert samples.shape == (frames * spec.hop_samples,) and samples.dtype == np.float32


@settings(max_examples=15, deadline=None)
@given(st.sets(st.integers(1, 59), max_size=5), st.integers(0, 100))
def test_parts_equal_the_whole(cuts: set[int], seed: int) -> None:
    mel = extract(Audio.mono(np.concatenate([white(30).samples[0], voiced(0.4, 1).samples[0][: 30 * HOP]]),
                             HIFIGAN.sample_rate), HIFIGAN).values
    filtered = Levelled(FreshNoise(Carrier()), 2)
    whole = filtered.render(mel, seed=seed)
    for start, stop in pairwise([0, *sorted(cuts), 60]):
        np.testing.assert_allclose(part(filtered, mel, start, stop, seed), whole[start * HOP : stop * HOP], atol=1e-5)
