from __future__ import annotations

import numpy as np
import pytest

from vocolab.audio import Audio
from vocolab.chain.chain import Chain
from vocolab_mastering.gain import Gain
from vocolab_mastering.options_edit import ResampleOptions
from vocolab_mastering.options_tone import GainOptions
from vocolab_mastering.resample import Resample


def tone(hz: float, rate: int, seconds: float = 2.0) -> Audio:
    return Audio.mono(0.5 * np.sin(2 * np.pi * hz * np.arange(round(seconds * rate)) / rate), rate)


@pytest.mark.parametrize(("old", "new"), [(48_000, 44_100), (44_100, 48_000), (8_000, 192_000), (192_000, 8_000)])
def test_a_tone_stays_in_place(old, new):
    result = Resample(ResampleOptions(sample_rate_hz=new))(tone(1_000.0, old))
    assert result.sample_rate == new
    expected = tone(1_000.0, new).samples
    inner = slice(new // 10, -(new // 10))
    np.testing.assert_allclose(result.samples[:, inner], expected[:, inner], atol=1e-4)


def test_what_is_over_half_the_new_rate_is_gone():
    result = Resample(ResampleOptions(sample_rate_hz=16_000))(tone(9_000.0, 48_000))
    assert 20 * np.log10(np.abs(result.samples[:, 1_600:-1_600]).max() / 0.5) < -90


@pytest.mark.parametrize("n_samples", [0, 1, 2, 7919, 100_003])
def test_the_length_is_exact(n_samples):
    audio = Audio(np.random.default_rng(0).standard_normal((2, n_samples)), 44_100)
    assert Resample(ResampleOptions(sample_rate_hz=48_000))(audio).n_samples == round(n_samples * 48_000 / 44_100)


def test_at_the_rate_that_it_has_no_bit_changes():
    audio = tone(440.0, 48_000)
    np.testing.assert_array_equal(Resample(ResampleOptions())(audio).samples, audio.samples)


def test_what_follows_works_at_the_new_rate():
    chain = Chain([Resample(ResampleOptions(sample_rate_hz=16_000)), Gain(GainOptions(gain_db=-6.0))])
    result = chain.run(tone(440.0, 48_000))
    assert (result.sample_rate, result.n_samples) == (16_000, 32_000)
