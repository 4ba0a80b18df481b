"""Third octaves: where they are, and that a known change of level is read as what it is."""

from __future__ import annotations

import numpy as np
import pytest

from vocolab.bench.bands import band_powers, centres_hz, level_above_db, level_differences_db, nominal_hz

NOMINAL = [100, 125, 160, 200, 250, 315, 400, 500, 630, 800, 1000, 1250, 1600, 2000, 2500, 3150, 4000, 5000, 6300, 8000,
           10_000, 12_500, 16_000]


def test_the_bands_are_the_standards_from_100_hz_to_16_khz() -> None:
    assert [nominal_hz(centre) for centre in centres_hz(48_000)] == NOMINAL
    assert centres_hz(48_000)[10] == 1000.0


@pytest.mark.parametrize(("rate_hz", "highest"), [(22_050, 8000), (24_000, 10_000), (44_100, 16_000), (16_000, 6300)])
def test_only_whole_bands_under_half_the_rate(rate_hz: int, highest: int) -> None:
    assert nominal_hz(centres_hz(rate_hz)[-1]) == highest


@pytest.mark.parametrize("frequency_hz", [100.0, 315.0, 1000.0, 8000.0, 15_849.0])
def test_a_tone_is_in_its_band_with_its_power(frequency_hz: float) -> None:
    time_s = np.arange(48_000) / 48_000
    powers = band_powers((0.5 * np.sin(2 * np.pi * round(frequency_hz) * time_s)).astype(np.float32), 48_000)
    inside = int(np.argmin(np.abs(centres_hz(48_000) - frequency_hz)))
    assert powers[inside] == pytest.approx(0.125, rel=1e-3)
    assert np.delete(powers, inside).max() < 1e-9


def test_a_step_in_the_spectrum_is_read_on_its_side_only() -> None:
    noise = np.random.default_rng(1).standard_normal(96_000).astype(np.float32) * 0.1
    spectrum = np.fft.rfft(noise)
    edge_hz = 1000 * 10 ** (5.5 / 10)  # between the bands of 3150 and 4000 Hz
    spectrum[np.fft.rfftfreq(noise.size, 1 / 48_000) > edge_hz] *= 10 ** (-10 / 20)
    changed = np.fft.irfft(spectrum).astype(np.float32)
    differences = level_differences_db(band_powers(noise, 48_000), band_powers(changed, 48_000))
    expected = np.where(centres_hz(48_000) > edge_hz, -10.0, 0.0)
    np.testing.assert_allclose(differences, expected, atol=0.01)
    above = level_above_db(changed, 48_000, 5000.0) - level_above_db(noise, 48_000, 5000.0)
    assert above == pytest.approx(-10.0, abs=0.01)


def test_what_is_missing_is_very_low_and_finite() -> None:
    differences = level_differences_db(np.array([0.1, 0.0]), np.array([0.0, 0.0]))
    assert differences[0] < -150 and differences[1] == 0.0
