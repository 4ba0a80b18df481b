from __future__ import annotations

import numpy as np
import pytest

from vocolab.audio import Audio
from vocolab_mastering.exciter import Exciter
from vocolab_mastering.options import ExciterOptions

ALIAS_LIMIT_DB = -80.0


def spectrum_db(samples: np.ndarray) -> np.ndarray:
    """Levels under the highest, one bin a hertz for one second of samples; side lobes under -180 dB."""
    spectrum = np.abs(np.fft.rfft(samples.astype(np.float64) * np.kaiser(len(samples), 25)))
    return 20 * np.log10(spectrum / spectrum.max() + 1e-15)


def excited_tone(rate: int, hz: float, amplitude: float, **options: float) -> np.ndarray:
    time = np.arange(2 * rate) / rate
    tone = Audio.mono(amplitude * np.sin(2 * np.pi * hz * time), rate)
    return Exciter(ExciterOptions(**options))(tone).samples[0, rate // 2 : rate // 2 + rate]


@pytest.mark.parametrize("rate", [22_050, 44_100, 48_000, 96_000])
@pytest.mark.parametrize("drive_db", [0.0, 6.0, 12.0, 14.0, 14.1, 17.0, 20.0])
@pytest.mark.parametrize("amplitude", [0.1, 1.0])
def test_aliases_of_a_5_khz_tone(rate, drive_db, amplitude):
    levels = spectrum_db(excited_tone(rate, 5000.0, amplitude, drive_db=drive_db, amount=1.0))
    for harmonic in range(0, rate // 2 + 1, 5000):
        levels[max(harmonic - 20, 0) : harmonic + 21] = -np.inf
    assert levels.max() < ALIAS_LIMIT_DB


def test_it_adds_odd_harmonics_as_amount_says():
    third = [spectrum_db(excited_tone(48_000, 5000.0, 0.5, amount=amount))[15_000] for amount in (0.0, 0.01, 0.1)]
    assert third[0] < -120
    assert third[1] > -60
    # Ten times the amount, less what the fundamental gains by it.
    assert third[2] - third[1] == pytest.approx(20, abs=4)


def test_lows_are_left_alone():
    time = np.arange(48_000) / 48_000
    low = Audio.mono(0.5 * np.sin(2 * np.pi * 200 * time), 48_000)
    changed = Exciter(ExciterOptions(frequency_hz=4000.0))(low).samples - low.samples
    assert 20 * np.log10(np.abs(changed[:, 4800:]).max()) < -60


def test_where_there_are_no_highs_nothing_changes():
    audio = Audio.mono(np.random.default_rng(0).standard_normal(1000), 8_000)
    np.testing.assert_array_equal(Exciter(ExciterOptions(frequency_hz=3500.0))(audio).samples, audio.samples)
