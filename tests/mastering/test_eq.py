from __future__ import annotations

import numpy as np
import pytest
from test_highpass import response_db

from vocolab.audio import Audio
from vocolab_mastering.eq import Eq
from vocolab_mastering.options import Band, EqOptions


def eq(**band: object) -> Eq:
    return Eq(EqOptions(bands=[Band(**band)]))


@pytest.mark.parametrize("gain_db", [-12.0, -1.5, 6.0])
def test_a_bell_has_its_gain_at_its_centre_and_none_far_away(gain_db):
    bell = eq(kind="peak", frequency_hz=1000.0, gain_db=gain_db, q=2.0)
    assert response_db(bell, 1000.0, 48_000, 1.0) == pytest.approx(gain_db, abs=0.01)
    assert response_db(bell, 20.0, 48_000, 1.0) == pytest.approx(0, abs=0.02)
    assert response_db(bell, 20_000.0, 48_000, 1.0) == pytest.approx(0, abs=0.02)


def test_a_bells_q_is_centre_over_bandwidth_at_half_its_gain():
    """RBJ: between the points of half the gain in dB; they lie at f0 * (sqrt(1 + 1/4Q^2) +- 1/2Q)."""
    bell = eq(kind="peak", frequency_hz=500.0, gain_db=8.0, q=2.0)
    for side in (-1, 1):
        edge_hz = 500.0 * (np.sqrt(1 + 1 / 16) + side / 4)
        assert response_db(bell, edge_hz, 48_000, 1.0) == pytest.approx(4.0, abs=0.05)


@pytest.mark.parametrize(
    ("kind", "on_shelf_hz", "off_shelf_hz"), [("low_shelf", 20, 15_000), ("high_shelf", 15_000, 20)]
)
def test_a_shelf_is_half_way_at_its_frequency(kind, on_shelf_hz, off_shelf_hz):
    shelf = eq(kind=kind, frequency_hz=1000.0, gain_db=-6.0)
    assert response_db(shelf, on_shelf_hz, 48_000, 1.0) == pytest.approx(-6.0, abs=0.05)
    assert response_db(shelf, 1000.0, 48_000, 1.0) == pytest.approx(-3.0, abs=0.01)
    assert response_db(shelf, off_shelf_hz, 48_000, 1.0) == pytest.approx(0.0, abs=0.05)


def test_flat_changes_no_bit():
    audio = Audio.mono(np.random.default_rng(0).standard_normal(1000), 48_000)
    flat = Eq(EqOptions(bands=[Band(kind=kind, frequency_hz=500.0) for kind in ("peak", "low_shelf", "high_shelf")]))
    np.testing.assert_array_equal(flat(audio).samples, audio.samples)


def test_bands_over_half_the_rate():
    audio = Audio.mono(np.random.default_rng(0).standard_normal(1000), 16_000)
    for kind in ("peak", "high_shelf"):
        untouched = eq(kind=kind, frequency_hz=9000.0, gain_db=6.0)(audio).samples
        np.testing.assert_array_equal(untouched, audio.samples)
    lifted = eq(kind="low_shelf", frequency_hz=9000.0, gain_db=6.0)(audio).samples
    np.testing.assert_allclose(lifted, audio.samples * 10 ** (6 / 20), rtol=1e-6)
