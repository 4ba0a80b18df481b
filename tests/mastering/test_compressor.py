from __future__ import annotations

import numpy as np
import pytest

from vocolab.audio import Audio
from vocolab_mastering.compressor import Compressor
from vocolab_mastering.options_dynamics import CompressorOptions

RATE = 48_000


def gain_db(effect: Compressor, samples: np.ndarray) -> np.ndarray:
    """Gain over time for a signal without zeros."""
    return 20 * np.log10(np.abs(effect(Audio(np.atleast_2d(samples), RATE)).samples / np.atleast_2d(samples)))


def square(level_dbfs: float, seconds: float = 1.0) -> np.ndarray:
    """Every sample has the level, so that the detector reads it exactly."""
    return 10 ** (level_dbfs / 20) * np.where(np.arange(round(seconds * RATE)) % 100 < 50, 1.0, -1.0)


@pytest.mark.parametrize("level", [-60.0, -31.0, -30.0, -20.0, -10.0, 0.0])
@pytest.mark.parametrize("ratio", [1.0, 2.0, 4.0, 20.0])
def test_static_curve_without_knee(level, ratio):
    effect = Compressor(CompressorOptions(threshold_db=-30.0, ratio=ratio, knee_db=0.0, makeup_db=3.0))
    expected = 3.0 - max(level + 30, 0) * (1 - 1 / ratio)
    assert gain_db(effect, square(level))[0, -1] == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize(
    ("level", "reduction"),
    [(-37.0, 0.0), (-35.0, 0.0), (-30.0, 0.75 * 5**2 / 20), (-25.0, 0.75 * 5), (-10.0, 0.75 * 20)],
)
def test_knee_is_the_quadratic_of_giannoulis(level, reduction):
    """Eq. 4: between threshold -+ knee/2, (1 - 1/ratio) (over + knee/2)^2 / (2 knee)."""
    effect = Compressor(CompressorOptions(threshold_db=-30.0, ratio=4.0, knee_db=10.0))
    assert gain_db(effect, square(level))[0, -1] == pytest.approx(-reduction, abs=0.01)


def test_attack_and_release_times():
    """After one time constant 63 % of the way down is done; of the way back, 63 % after attack and release."""
    effect = Compressor(CompressorOptions(threshold_db=-30.0, ratio=1e2, knee_db=0.0, attack_ms=20.0, release_ms=200.0))
    gain = gain_db(effect, np.concatenate([square(-40), square(-10), square(-40)]))[0]
    full = -20 * (1 - 1 / 1e2)
    attacked = gain[RATE + round(0.020 * RATE)]
    assert attacked == pytest.approx(full * (1 - np.exp(-1)), abs=0.1)
    let_go = gain[2 * RATE + round(0.200 * RATE)]
    # Two poles in a row: (release e^(-t/release) - attack e^(-t/attack)) / (release - attack).
    assert let_go == pytest.approx(full * (200 * np.exp(-1) - 20 * np.exp(-10)) / 180, abs=0.1)


def test_channels_share_one_gain():
    effect = Compressor(CompressorOptions(threshold_db=-30.0, ratio=4.0))
    gain = gain_db(effect, np.stack([square(-6), square(-46)]))
    np.testing.assert_allclose(gain[0], gain[1], atol=1e-4)
    assert gain[1, -1] < -10


def test_under_the_threshold_nothing_changes():
    quiet = Audio(np.atleast_2d(square(-50)).astype(np.float32), RATE)
    np.testing.assert_array_equal(Compressor(CompressorOptions(threshold_db=-30.0))(quiet).samples, quiet.samples)
