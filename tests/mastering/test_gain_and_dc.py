from __future__ import annotations

import numpy as np
import pytest
from test_highpass import response_db

from vocolab.audio import Audio
from vocolab_mastering.dc_removal import DcRemoval
from vocolab_mastering.gain import Gain
from vocolab_mastering.options_tone import DcRemovalOptions, GainOptions


@pytest.mark.parametrize("gain_db", [-20.0, 0.0, 6.0206])
def test_gain_is_a_factor(gain_db):
    samples = np.random.default_rng(0).uniform(-1, 1, (2, 1000)).astype(np.float32)
    result = Gain(GainOptions(gain_db=gain_db))(Audio(samples, 48_000)).samples
    np.testing.assert_allclose(result, samples * {-20.0: 0.1, 0.0: 1.0, 6.0206: 2.0}[gain_db], rtol=1e-6)


def test_gain_of_nothing_changes_no_bit():
    samples = np.random.default_rng(0).uniform(-1, 1, (2, 1000)).astype(np.float32)
    np.testing.assert_array_equal(Gain(GainOptions())(Audio(samples, 48_000)).samples, samples)


@pytest.mark.parametrize("rate", [8_000, 44_100, 48_000, 192_000])
@pytest.mark.parametrize("offset", [0.9, -0.01])
def test_an_offset_goes_to_nothing(rate, offset):
    audio = Audio.mono(np.full(2 * rate, offset, np.float32), rate)
    settled = DcRemoval(DcRemovalOptions())(audio).samples[:, rate:].astype(np.float64)
    assert 20 * np.log10(np.abs(settled).max()) < -100


def test_an_offset_under_speech_goes():
    rate = 48_000
    rng = np.random.default_rng(1)
    audio = Audio.mono(0.05 + 0.1 * np.sin(2 * np.pi * 150 * np.arange(4 * rate) / rate) * rng.uniform(0.5, 1), rate)
    # Ten whole periods of the tone at the end: their mean is the offset.
    left = DcRemoval(DcRemovalOptions())(audio).samples[0, -3200:].astype(np.float64).mean()
    assert 20 * np.log10(abs(left)) < -100


@pytest.mark.parametrize("rate", [8_000, 48_000, 192_000])
@pytest.mark.parametrize("cutoff_hz", [0.5, 2.0, 3.0])
def test_what_can_be_heard_stays(rate, cutoff_hz):
    effect = DcRemoval(DcRemovalOptions(cutoff_hz=cutoff_hz))
    assert response_db(effect, 20.0, rate) == pytest.approx(0, abs=0.1)
    assert response_db(effect, 1000.0, rate) == pytest.approx(0, abs=0.001)


def test_three_db_down_at_the_cutoff():
    assert response_db(DcRemoval(DcRemovalOptions(cutoff_hz=2.0)), 2.0, 8_000) == pytest.approx(-3.01, abs=0.02)
