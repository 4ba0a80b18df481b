"""What a vocoder makes of silence goes, the rest stays."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from fake_vocoders import HIFIGAN, Carrier, hum, part
from hypothesis import given, settings
from hypothesis import strategies as st

from vocolab.mels.conventions import convention
from vocolab.mels.scaling import silence
from vocolab.postfilters.denoising import FLOOR_DB, Denoised, bias_spectrum

FRAMES = 60


def speech(spec=HIFIGAN, frames: int = FRAMES) -> np.ndarray:
    return np.random.default_rng(0).uniform(-3, 0, (spec.n_mels, frames)).astype(np.float32)


def level_db(samples: np.ndarray, reference: np.ndarray) -> float:
    return 10 * float(np.log10(np.mean(np.square(samples, dtype=np.float64)) / np.mean(np.square(reference))))


@pytest.mark.parametrize(("strength_db", "left"), [(-20.0, 0.9), (-6.0, 0.499), (0.0, None), (6.0, None)])
def test_hum_falls_by_what_is_subtracted(strength_db: float, left: float | None) -> None:
    """1 - 10^(dB / 20) of it is left, and never less than the floor."""
    noisy = Carrier(hum=hum())
    quiet = silence(HIFIGAN, FRAMES)
    before, after = noisy.render(quiet), Denoised(noisy, strength_db).render(quiet)
    expected_db = FLOOR_DB if left is None else 20 * np.log10(left)
    inner = slice(5 * 256, -5 * 256)
    assert level_db(after[inner], before[inner]) == pytest.approx(expected_db, abs=0.1)


def test_speech_stays_and_the_hum_under_it_goes() -> None:
    mel = speech()
    clean, noisy = Carrier().render(mel), Carrier(hum=hum()).render(mel)
    denoised = Denoised(Carrier(hum=hum()), 0.0).render(mel)
    assert level_db(denoised - clean, clean) < level_db(noisy - clean, clean) - 2
    assert level_db(denoised, clean) == pytest.approx(0.0, abs=0.1)


def test_a_pause_in_speech_is_freed_of_the_hum() -> None:
    mel = speech()
    mel[:, 20:40] = HIFIGAN.silence
    noisy = Carrier(hum=hum())
    pause = slice(24 * 256, 36 * 256)
    assert level_db(Denoised(noisy, 0.0).render(mel)[pause], noisy.render(mel)[pause]) < FLOOR_DB + 0.5


@pytest.mark.parametrize("name", ["hifigan-22k", "studio-48k", "pwg-24k"])
def test_a_vocoder_that_is_silent_for_silence_is_left_as_it_is(name: str) -> None:
    carrier = Carrier(convention(name))
    mel = speech(carrier.mel_spec)
    assert not bias_spectrum(carrier).any()
    np.testing.assert_array_equal(Denoised(carrier, 20.0).render(mel), carrier.render(mel))


def test_a_little_subtracted_changes_little_up_to_both_ends() -> None:
    """The transform itself gives back what it was given, the first and the last sample too."""
    faint = Carrier(hum=hum(amplitude=1e-8))
    mel = speech()
    np.testing.assert_allclose(Denoised(faint, 0.0).render(mel), faint.render(mel), atol=1e-6)


def test_the_hum_is_gone_at_both_ends() -> None:
    noisy = Carrier(hum=hum())
    quiet = silence(HIFIGAN, FRAMES)
    after = Denoised(noisy, 0.0).render(quiet)
    for end in (after[:64], after[-64:]):
        assert np.abs(end).max() < 0.002  # of 0.01


@pytest.mark.parametrize("frames", [1, 2, 3, 7])
@pytest.mark.parametrize("name", ["hifigan-22k", "tacotron2-22k", "studio-48k"])
def test_lengths_are_exact(name: str, frames: int) -> None:
    spec = convention(name)
    samples = Denoised(Carrier(spec, hum=hum(spec)), 0.0).render(speech(spec, frames))
    assert samples.shape == (frames * spec.hop_samples,) and samples.dtype == np.float32


def test_hiss_is_known_by_its_mean() -> None:
    """The bias of a stochastic vocoder is that of the noise, not of one draw, and other seeds are denoised as well."""
    hissing = Carrier(hiss=0.01)
    bias = bias_spectrum(hissing)
    window_power = np.sum((0.5 - 0.5 * np.cos(2 * np.pi * np.arange(1024) / 1024)) ** 2)
    expected = 0.01 * np.sqrt(window_power) * np.sqrt(np.pi) / 2  # the mean of a Rayleigh distribution
    assert bias[10:-10].mean() == pytest.approx(expected, rel=0.03)
    assert bias[10:-10].std() < 0.15 * expected
    quiet = silence(HIFIGAN, FRAMES)
    denoised = Denoised(hissing, 6.0)
    for seed in (0, 5):
        assert level_db(denoised.render(quiet, seed=seed), hissing.render(quiet, seed=seed)) < -15
    assert np.abs(denoised.render(quiet, seed=0) - denoised.render(quiet, seed=5)).max() > 0


def test_statistics_of_the_convention_are_part_of_its_silence() -> None:
    mean, scale = tuple(np.linspace(-8, -3, 80)), tuple(np.linspace(1, 2, 80))
    spec = HIFIGAN.with_statistics(mean, scale)
    values = silence(spec, 2) * np.array(scale)[:, None] + np.array(mean)[:, None]
    np.testing.assert_allclose(values, HIFIGAN.silence, atol=1e-5)
    assert silence(replace(HIFIGAN, clip=(-4.0, 0.0)), 1).max() == -4.0


@settings(max_examples=15, deadline=None)
@given(st.sets(st.integers(1, FRAMES - 1), max_size=5), st.integers(0, 100))
def test_parts_equal_the_whole(cuts: set[int], seed: int) -> None:
    denoised = Denoised(Carrier(hum=hum(), hiss=0.003), 3.0)
    mel = speech()
    whole = denoised.render(mel, seed=seed)
    for start, stop in pairwise([0, *sorted(cuts), FRAMES]):
        np.testing.assert_allclose(
            part(denoised, mel, start, stop, seed), whole[start * 256 : stop * 256], atol=1e-6
        )
