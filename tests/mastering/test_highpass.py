from __future__ import annotations

import numpy as np
import pytest

from vocolab.audio import Audio
from vocolab.errors import OptionError
from vocolab_mastering.highpass import Highpass
from vocolab_mastering.options import HighpassOptions


def response_db(effect, hz: float, rate: int, seconds: float = 4.0) -> float:
    """Gain of a sine in the second half, where the filter has settled."""
    sine = 0.5 * np.sin(2 * np.pi * hz * np.arange(round(seconds * rate)) / rate)
    settled = effect(Audio.mono(sine, rate)).samples[0, len(sine) // 2 :].astype(np.float64)
    return 10 * np.log10(np.mean(settled**2) / np.mean(sine[len(sine) // 2 :] ** 2))


@pytest.mark.parametrize("rate", [8_000, 48_000, 192_000])
@pytest.mark.parametrize("slope", [12, 24, 36, 48])
def test_three_db_down_at_the_cutoff_and_flat_above(rate, slope):
    effect = Highpass(HighpassOptions(cutoff_hz=100.0, slope_db_per_octave=slope))
    assert response_db(effect, 100.0, rate) == pytest.approx(-3.01, abs=0.02)
    assert response_db(effect, 1000.0, rate) == pytest.approx(0.0, abs=0.01)


@pytest.mark.parametrize("slope", [12, 24, 36, 48])
def test_slope(slope):
    effect = Highpass(HighpassOptions(cutoff_hz=400.0, slope_db_per_octave=slope))
    for octaves in (0.5, 1, 2):
        butterworth_db = -10 * np.log10(1 + 2 ** (octaves * slope / 3))
        assert response_db(effect, 400.0 / 2**octaves, 48_000) == pytest.approx(butterworth_db, abs=0.1)


def test_a_cutoff_over_half_the_rate_is_refused():
    with pytest.raises(OptionError, match=r"^highpass: cutoff_hz: 5000 .* 8000 Hz; lower"):
        Highpass(HighpassOptions(cutoff_hz=5000.0))(Audio.mono(np.zeros(10), 8_000))
