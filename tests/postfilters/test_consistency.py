"""A refined rendering has the mel that it was made from, and is the vocoder's own otherwise."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from fake_vocoders import HIFIGAN, Carrier, part
from hypothesis import given, settings
from hypothesis import strategies as st

from vocolab.audio import Audio
from vocolab.mels.conventions import convention, convention_names
from vocolab.mels.extract import extract
from vocolab.mels.filters import mel_filters
from vocolab.mels.inversion import MelInversion
from vocolab.mels.scaling import natural_log
from vocolab.mels.spec import MelSpec
from vocolab.postfilters.consistency import Refined


def speech(spec: MelSpec, seconds: float = 0.6) -> np.ndarray:
    """Gliding harmonics over a noise floor, up to half the rate."""
    rate = spec.sample_rate
    t = np.arange(round(seconds * rate)) / rate
    phase = 2 * np.pi * np.cumsum(150 + 30 * np.sin(8 * t)) / rate
    voice = sum(np.sin(k * phase) / k for k in range(1, 30))
    noise = np.random.default_rng(0).standard_normal(t.size)
    samples = 0.1 * np.clip(np.sin(19 * t) + 0.6, 0, 1) * voice + 2e-3 * noise
    whole = samples.size - samples.size % spec.hop_samples
    return samples[:whole].astype(np.float32)


class Fixed:
    """A vocoder that has one recording to give, whatever the mel: parts of it by the absolute frame."""

    def __init__(self, samples: np.ndarray, spec: MelSpec) -> None:
        self.samples, self.mel_spec, self.context_frames = samples, spec, 0

    def render(self, mel: np.ndarray, *, first_frame: int = 0, seed: int = 0) -> np.ndarray:
        hop = self.mel_spec.hop_samples
        return self.samples[first_frame * hop : (first_frame + mel.shape[1]) * hop].copy()


def mel_of(samples: np.ndarray, spec: MelSpec) -> np.ndarray:
    """As many frames as a vocoder is given for so many samples."""
    return extract(Audio.mono(samples, spec.sample_rate), spec).values[:, : samples.size // spec.hop_samples]


def coloured(samples: np.ndarray) -> np.ndarray:
    """Too bright above 1 kHz or so, by a short filter: what is wrong with it a mel can tell."""
    return np.convolve(samples, [1.0, -0.6], mode="same").astype(np.float32)


def distance(samples: np.ndarray, mel: np.ndarray, spec: MelSpec) -> float:
    """Mean distance in nepers of a rendering's own mel from the one that it was made from."""
    own = natural_log(mel_of(samples, spec), spec)
    return float(np.abs(own - natural_log(mel, spec)).mean())


@pytest.mark.parametrize("name", ["hifigan-22k", "tacotron2-22k", "vocos-24k", "pwg-24k", "studio-48k"])
def test_the_mel_comes_nearer_with_every_round(name: str) -> None:
    spec = convention(name)
    mel = mel_of(speech(spec), spec)
    vocoder = Carrier(spec)  # of which neither magnitudes nor phases are right
    plain = distance(vocoder.render(mel), mel, spec)
    none, once, often = (distance(Refined(vocoder, rounds).render(mel), mel, spec) for rounds in (0, 1, 16))
    assert often < once < none < plain
    assert often < 0.3 * plain


@pytest.mark.parametrize("name", ["hifigan-22k", "studio-48k"])
def test_the_recording_comes_back_nearer(name: str) -> None:
    spec = convention(name)
    recording = speech(spec)
    vocoder = Fixed(coloured(recording), spec)
    refined = Refined(vocoder, 4).render(mel_of(recording, spec))
    error_db, error_before_db = (
        10 * np.log10(np.sum((got - recording) ** 2) / np.sum(recording**2)) for got in (refined, vocoder.samples)
    )
    assert error_db < error_before_db - 5


@pytest.mark.parametrize("rounds", [1, 8])
def test_what_has_its_mel_already_is_left_as_it_is(rounds: int) -> None:
    recording = speech(HIFIGAN)
    refined = Refined(Fixed(recording, HIFIGAN), rounds).render(mel_of(recording, HIFIGAN))
    error = np.sum((refined - recording) ** 2) / np.sum(recording**2)
    assert 10 * np.log10(error) < -40


def test_what_lies_above_the_mel_is_the_vocoders_own() -> None:
    recording = speech(HIFIGAN)
    refined = Refined(Fixed(coloured(recording), HIFIGAN), 4).render(mel_of(recording, HIFIGAN))
    bins = np.fft.rfftfreq(recording.size, 1 / 22_050) > 8_200
    above = [np.sum(np.abs(np.fft.rfft(samples))[bins] ** 2) for samples in (refined, coloured(recording))]
    assert 10 * np.log10(above[0] / above[1]) == pytest.approx(0.0, abs=0.5)


def test_silence_is_not_raised() -> None:
    """The mel's floor says nothing of what lies under it."""
    quiet = np.full((80, 30), HIFIGAN.silence, np.float32)
    faint = Fixed(np.full(30 * 256, 1e-9, np.float32), HIFIGAN)
    assert np.abs(Refined(faint, 4).render(quiet)).max() < 1e-7
    assert not Refined(Fixed(np.zeros(30 * 256, np.float32), HIFIGAN), 4).render(quiet).any()


@pytest.mark.parametrize("name", convention_names())
def test_corrected_magnitudes_have_the_mel_and_keep_their_harmonics(name: str) -> None:
    spec = convention(name)
    mel = mel_of(speech(spec), spec)
    rng = np.random.default_rng(1)
    bins = spec.n_fft // 2 + 1
    own = rng.uniform(0.01, 1.0, (mel.shape[1], bins)).astype(np.float32)
    inversion = MelInversion(spec)
    corrected = inversion.corrected(own, mel)
    unheard = ~mel_filters(spec).any(axis=0)
    np.testing.assert_array_equal(corrected[:, unheard], own[:, unheard])
    # Its mel is that of magnitudes which were found from the mel alone.
    levels = [mel_filters(spec) @ (found.T**spec.power) for found in (corrected, inversion(mel))]
    heard = levels[1] > 4 * levels[1].min()
    assert np.abs(np.log(levels[0][heard] / levels[1][heard])).mean() < 0.03
    # The gain from own to corrected is smooth over frequency, as far as there are several bins to a band.
    gain = np.log(corrected[:, ~unheard] / own[:, ~unheard])
    smooth = 0.5 if bins > 4 * spec.n_mels else 0.75
    assert np.abs(np.diff(gain, axis=1)).mean() < smooth * np.abs(np.diff(np.log(own[:, ~unheard]), axis=1)).mean()


@pytest.mark.parametrize("frames", [1, 2, 3, 37])
@pytest.mark.parametrize("name", ["hifigan-22k", "tacotron2-22k", "pwg-24k", "studio-48k"])
def test_lengths_are_exact(name: str, frames: int) -> None:
    spec = convention(name)
    mel = np.random.default_rng(0).uniform(-4, 0, (spec.n_mels, frames)).astype(np.float32)
    samples = Refined(Carrier(spec), 2).render(mel)
    assert samples.shape == (frames * spec.hop_samples,) and np.isfinite(samples).all()


@settings(max_examples=12, deadline=None)
@given(
    st.sampled_from(["hifigan-22k", "tacotron2-22k", "pwg-24k", "studio-48k"]),
    st.integers(0, 6), st.sets(st.integers(1, 89), max_size=4), st.integers(0, 1000),
)
def test_parts_equal_the_whole_at_any_cuts(name: str, rounds: int, cuts: set[int], seed: int) -> None:
    spec = convention(name)
    refined = Refined(Carrier(spec, hiss=0.01), rounds)
    mel = np.random.default_rng(seed).uniform(-8, 0, (spec.n_mels, 90)).astype(np.float32)
    whole = refined.render(mel, seed=seed)
    for start, stop in pairwise([0, *sorted(cuts), 90]):
        samples = slice(start * spec.hop_samples, stop * spec.hop_samples)
        np.testing.assert_allclose(part(refined, mel, start, stop, seed), whole[samples], atol=1e-5)


def test_the_context_is_what_the_rounds_reach() -> None:
    """A frame just inside of the context matters, one outside does not."""
    refined = Refined(Carrier(), 3)
    mel = np.random.default_rng(0).uniform(-6, 0, (80, 80)).astype(np.float32)
    whole, context = refined.render(mel), refined.context_frames
    assert context == (3 + 1) * 3 + 1
    changed = mel.copy()
    changed[:, 40] = 0.5
    moved = np.abs(refined.render(changed) - whole).reshape(80, 256).max(axis=1) > 0
    reached = np.flatnonzero(moved)
    assert 40 - context <= reached[0] <= 40 - context + 4
    assert 40 + context - 4 <= reached[-1] <= 40 + context
