"""Band gains bring a rendering to the levels of its mel and leave its fine structure alone."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from fake_vocoders import HIFIGAN, Carrier, part
from hypothesis import given, settings
from hypothesis import strategies as st

from vocolab.audio import Audio
from vocolab.mels.conventions import convention
from vocolab.mels.extract import extract
from vocolab.mels.scaling import natural_log
from vocolab.mels.spec import MelSpec
from vocolab.networks.noise import gaussian
from vocolab.postfilters.band_gains import Levelled
from vocolab.postfilters.options import PostfilterOptions
from vocolab.postfilters.wrapping import with_postfilters

SPECS = ["hifigan-22k", "tacotron2-22k", "vocos-24k", "pwg-24k", "studio-48k"]


def recording(spec: MelSpec, seed: int = 5) -> np.ndarray:
    """Noise whose level and colour move."""
    noise = gaussian(seed, 0, 60 * spec.hop_samples)
    t = np.arange(noise.size) / spec.sample_rate
    dark = np.convolve(noise, np.ones(8) / 4, mode="same")
    moved: np.ndarray = 0.05 * (0.2 + np.sin(15 * t) ** 2) * noise + 0.1 * np.sin(9 * t) ** 2 * dark
    return moved.astype(np.float32)


def mel_of(samples: np.ndarray, spec: MelSpec) -> np.ndarray:
    return extract(Audio.mono(samples, spec.sample_rate), spec).values[:, : samples.size // spec.hop_samples]


def distance(samples: np.ndarray, mel: np.ndarray, spec: MelSpec) -> float:
    """Mean distance of mels in nepers."""
    return float(np.abs(natural_log(mel_of(samples, spec), spec) - natural_log(mel, spec)).mean())


@pytest.mark.parametrize("name", SPECS)
def test_the_mel_comes_nearer_with_every_round(name: str) -> None:
    spec = convention(name)
    mel = mel_of(recording(spec), spec)
    vocoder = Carrier(spec)
    plain = distance(vocoder.render(mel), mel, spec)
    one, four, twelve = (distance(Levelled(vocoder, rounds).render(mel), mel, spec) for rounds in (1, 4, 12))
    assert twelve < four < one < plain
    assert twelve < 0.45 * plain


def test_noise_stays_noise() -> None:
    """Above 4 kHz nothing takes on the period of a frame, as Griffin-Lim's phases do."""
    spec = HIFIGAN
    mel = np.repeat(mel_of(recording(spec), spec).mean(axis=1, keepdims=True), 400, axis=1).astype(np.float32)
    samples = Levelled(Carrier(spec), 16).render(mel)
    high = np.fft.irfft(np.where(np.fft.rfftfreq(samples.size, 1 / 22_050) > 4_000, np.fft.rfft(samples), 0))
    for hops in range(1, 5):
        lag = hops * spec.hop_samples
        correlation = np.dot(high[:-lag], high[lag:]) / np.dot(high, high)
        assert abs(correlation) < 0.03


def test_phases_stay() -> None:
    """A tone of the wrong level comes out in phase."""
    t = np.arange(60 * 256) / 22_050
    tone = np.sin(2 * np.pi * 1_000 * t).astype(np.float32)
    mel = mel_of(0.5 * tone, HIFIGAN)

    class Quiet:
        mel_spec, context_frames = HIFIGAN, 0

        def render(self, mel: np.ndarray, *, first_frame: int = 0, seed: int = 0) -> np.ndarray:
            return 0.1 * tone

    out = Levelled(Quiet(), 4).render(mel)[2048:-2048]
    np.testing.assert_allclose(out, 0.5 * tone[2048:-2048], atol=0.01)


def test_silence_is_not_raised() -> None:
    """What lies under the mel's floor is nobody's wish."""
    mel = np.full((80, 40), HIFIGAN.silence, np.float32)

    class Faint:
        mel_spec, context_frames = HIFIGAN, 0

        def render(self, mel: np.ndarray, *, first_frame: int = 0, seed: int = 0) -> np.ndarray:
            return np.float32(1e-7) * gaussian(0, 0, mel.shape[1] * 256)

    assert np.abs(Levelled(Faint(), 16).render(mel)).max() < 1e-6


@settings(max_examples=10, deadline=None)
@given(st.sampled_from(SPECS), st.integers(1, 6), st.sets(st.integers(1, 89), max_size=4), st.integers(0, 1000))
def test_parts_equal_the_whole_at_any_cuts(name: str, rounds: int, cuts: set[int], seed: int) -> None:
    spec = convention(name)
    levelled = Levelled(Carrier(spec, hiss=0.01), rounds)
    mel = np.random.default_rng(seed).uniform(-8, 0, (spec.n_mels, 90)).astype(np.float32)
    whole = levelled.render(mel, seed=seed)
    for start, stop in pairwise([0, *sorted(cuts), 90]):
        samples = slice(start * spec.hop_samples, stop * spec.hop_samples)
        np.testing.assert_allclose(part(levelled, mel, start, stop, seed), whole[samples], atol=1e-5)


@pytest.mark.parametrize("frames", [1, 2, 3, 37])
def test_lengths_are_exact(frames: int) -> None:
    mel = np.random.default_rng(0).uniform(-4, 0, (80, frames)).astype(np.float32)
    samples = Levelled(Carrier(), 2).render(mel)
    assert samples.shape == (frames * 256,) and np.isfinite(samples).all()


def test_a_voice_may_recommend_it_and_a_user_may_switch_it_off() -> None:
    assert isinstance(with_postfilters(Carrier(), PostfilterOptions(band_gains=4)), Levelled)
    assert isinstance(with_postfilters(Carrier(), PostfilterOptions(band_gains=0)), Carrier)
