from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import sosfreqz

from vocolab.audio import Audio
from vocolab_mastering.biquads import bell_sections, shelf_sections
from vocolab_mastering.options_tone import HighShelfOptions, LowShelfOptions, PeakOptions
from vocolab_mastering.peak import Peak
from vocolab_mastering.shelves import HighShelf, LowShelf

RATE = 48_000
SLOPES = [12, 24, 36, 48]
SHELVES = {"low": (LowShelf, LowShelfOptions), "high": (HighShelf, HighShelfOptions)}


def impulse_response_db(effect, rate: int = RATE, seconds: float = 1.0) -> np.ndarray:
    """The effect's gain at every whole hertz."""
    impulse = np.zeros(round(seconds * rate), np.float32)
    impulse[0] = 1
    spectrum = np.abs(np.fft.rfft(effect(Audio.mono(impulse, rate)).samples[0].astype(np.float64)))
    return 20 * np.log10(spectrum + 1e-12)


def shelf(side: str, **options: object):
    kind, schema = SHELVES[side]
    return kind(schema(frequency_hz=1_000.0, **options))


@pytest.mark.parametrize("side", SHELVES)
@pytest.mark.parametrize("slope", SLOPES)
@pytest.mark.parametrize("gain_db", [-18.0, 4.0])
def test_a_shelf_has_its_gain_on_one_side_half_in_the_middle_and_none_on_the_other(side, slope, gain_db):
    response = impulse_response_db(shelf(side, gain_db=gain_db, slope_db_per_octave=slope))
    on, off = (20, 20_000) if side == "low" else (20_000, 20)
    assert response[on] == pytest.approx(gain_db, abs=0.02)
    assert response[1_000] == pytest.approx(gain_db / 2, abs=0.01)
    assert response[off] == pytest.approx(0, abs=0.02)


@pytest.mark.parametrize("side", SHELVES)
@pytest.mark.parametrize("slope", SLOPES)
def test_a_shelf_has_no_ripple(side, slope):
    """At q = 0.707 it only falls, or only rises: 1e-4 dB is what float32 leaves uncertain."""
    response = impulse_response_db(shelf(side, gain_db=12.0, slope_db_per_octave=slope))[20:22_000]
    steps = np.diff(response) * (1 if side == "high" else -1)
    assert steps.min() > -1e-3


def test_a_steeper_shelf_is_steeper():
    """Over the octave around its middle: the analogue shelf has rz^2N / rp^2N as the two Butterworth circles say."""
    for slope in SLOPES:
        order = slope // 6
        response = impulse_response_db(shelf("low", gain_db=24.0, slope_db_per_octave=slope))
        outer = 10 ** (24 / 20)  # the ratio of the two circles' radii to the power of the order

        def analogue_db(ratio: float, order: int = order, outer: float = outer) -> float:
            w = ratio ** (2 * order)
            return 10 * np.log10((w + outer) / (w + 1 / outer))

        for hz in (707, 1414):
            assert response[hz] == pytest.approx(analogue_db(hz / 1000), abs=0.1)


@pytest.mark.parametrize("gain_db", [-12.0, 6.0])
@pytest.mark.parametrize("rate", [8_000, 48_000, 192_000])
def test_a_peak_has_its_gain_at_its_centre_and_none_far_away(gain_db, rate):
    response = impulse_response_db(Peak(PeakOptions(frequency_hz=1_000.0, gain_db=gain_db, q=2.0)), rate)
    assert response[1_000] == pytest.approx(gain_db, abs=0.01)
    assert response[5] == pytest.approx(0, abs=0.01)
    assert response[rate // 2] == pytest.approx(0, abs=0.01)


def test_nothing_to_do_changes_no_bit():
    audio = Audio.mono(np.random.default_rng(0).standard_normal(1000), RATE)
    for effect in (shelf("low"), shelf("high"), Peak(PeakOptions())):
        np.testing.assert_array_equal(effect(audio).samples, audio.samples)


def test_a_ten_thousandth_of_a_decibel_is_flat():
    """Close to 0 dB the filters go to flat, without a jump."""
    for effect in (shelf("low", gain_db=1e-4), shelf("high", gain_db=-1e-4), Peak(PeakOptions(gain_db=1e-4))):
        assert np.abs(impulse_response_db(effect)[:24_000]).max() < 3e-4


def test_over_half_the_rate():
    audio = Audio.mono(np.random.default_rng(0).standard_normal(1000), 8_000)
    for effect in (
        Peak(PeakOptions(frequency_hz=5_000.0, gain_db=6.0)),
        HighShelf(HighShelfOptions(frequency_hz=5_000.0, gain_db=6.0)),
    ):
        np.testing.assert_array_equal(effect(audio).samples, audio.samples)
    lifted = LowShelf(LowShelfOptions(frequency_hz=5_000.0, gain_db=6.0))(audio).samples
    np.testing.assert_allclose(lifted, audio.samples * 10 ** (6 / 20), rtol=1e-6)


@pytest.mark.parametrize("share_of_rate", [0.45, 0.48])
def test_near_half_the_rate_the_gain_still_holds_at_the_frequency(share_of_rate):
    hz = share_of_rate * RATE
    bell = bell_sections(hz, 6.0, 1.0, RATE)
    step = shelf_sections("high_shelf", hz, 6.0, 0.707, 24, RATE)
    for sections, gain_db in ((bell, 6.0), (step, 3.0)):
        _, response = sosfreqz(sections, [hz], fs=RATE)
        assert 20 * np.log10(abs(response[0])) == pytest.approx(gain_db, abs=1e-6)
