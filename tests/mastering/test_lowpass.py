from __future__ import annotations

import numpy as np
import pytest
from test_highpass import response_db

from vocolab.audio import Audio
from vocolab.errors import OptionError
from vocolab_mastering.eq import Eq
from vocolab_mastering.lowpass import Lowpass
from vocolab_mastering.options import Band, EqOptions
from vocolab_mastering.options_tone import LowpassOptions


def butterworth_db(hz: float, cutoff_hz: float, slope: int, rate: int) -> float:
    """Of the analogue low-pass, at the frequency that the bilinear transform puts at `hz`."""
    ratio = np.tan(np.pi * hz / rate) / np.tan(np.pi * cutoff_hz / rate)
    return -10 * np.log10(1 + ratio ** (slope / 3))


def as_band(kind: str, hz: float, slope: int) -> Eq:
    return Eq(EqOptions(bands=[Band(kind=kind, frequency_hz=hz, slope_db_per_octave=slope)]))


@pytest.mark.parametrize("rate", [8_000, 48_000, 192_000])
@pytest.mark.parametrize("slope", [12, 24, 36, 48])
def test_three_db_down_at_the_cutoff_and_flat_below(rate, slope):
    effect = Lowpass(LowpassOptions(cutoff_hz=3_000.0, slope_db_per_octave=slope))
    assert response_db(effect, 3_000.0, rate, 1.0) == pytest.approx(-3.01, abs=0.02)
    assert response_db(effect, 100.0, rate, 1.0) == pytest.approx(0.0, abs=0.01)


@pytest.mark.parametrize("slope", [12, 24, 36, 48])
def test_slope(slope):
    effect = Lowpass(LowpassOptions(cutoff_hz=400.0, slope_db_per_octave=slope))
    for octaves in (0.5, 1, 2):
        hz = 400.0 * 2**octaves
        expected = butterworth_db(hz, 400.0, slope, 48_000)
        assert expected == pytest.approx(-10 * np.log10(1 + 2 ** (octaves * slope / 3)), abs=0.3)
        assert response_db(effect, hz, 48_000, 1.0) == pytest.approx(expected, abs=0.02)


def test_the_slope_gets_steeper_towards_half_the_rate():
    """12 dB an octave of the analogue filter are more where the bilinear transform ends."""
    effect = Lowpass(LowpassOptions(cutoff_hz=10_000.0))
    assert response_db(effect, 20_000.0, 48_000, 1.0) < -20  # -12.3 dB for the analogue filter
    assert response_db(effect, 10_000.0, 48_000, 1.0) == pytest.approx(-3.01, abs=0.02)


@pytest.mark.parametrize("cutoff_hz", [4_000.0, 16_000.0])
def test_over_half_the_rate_no_bit_changes(cutoff_hz):
    audio = Audio.mono(np.random.default_rng(0).standard_normal(1000), 8_000)
    np.testing.assert_array_equal(Lowpass(LowpassOptions(cutoff_hz=cutoff_hz))(audio).samples, audio.samples)
    np.testing.assert_array_equal(as_band("lowpass", cutoff_hz, 12)(audio).samples, audio.samples)


@pytest.mark.parametrize("kind", ["highpass", "lowpass"])
def test_the_equaliser_has_them_as_bands(kind):
    for slope in (12, 48):
        band = as_band(kind, 1_000.0, slope)
        assert response_db(band, 1_000.0, 48_000, 1.0) == pytest.approx(-3.01, abs=0.02)
        off_hz = 500.0 if kind == "highpass" else 2_000.0
        assert response_db(band, off_hz, 48_000, 1.0) == pytest.approx(-10 * np.log10(1 + 2 ** (slope / 3)), abs=0.4)


def test_a_highpass_band_over_half_the_rate_is_refused():
    with pytest.raises(OptionError, match=r"^eq: bands\.0\.frequency_hz: 5000 is not below half the sample rate"):
        as_band("highpass", 5_000.0, 12)(Audio.mono(np.zeros(10), 8_000))
