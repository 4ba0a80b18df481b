from __future__ import annotations

import numpy as np
import pytest
from test_compressor import RATE, square

from vocolab.audio import Audio
from vocolab_mastering.gate import Gate, Switch
from vocolab_mastering.options_dynamics import GateOptions


def gain_db(samples: np.ndarray, **options: object) -> np.ndarray:
    """Gain over time for a signal without zeros."""
    samples = np.atleast_2d(samples)
    return 20 * np.log10(np.abs(Gate(GateOptions(**options))(Audio(samples, RATE)).samples / samples))


@pytest.mark.parametrize("level", [-75.0, -60.0, -45.0, -40.1, -40.0, -10.0])
@pytest.mark.parametrize("ratio", [1.0, 2.0, 4.0])
@pytest.mark.parametrize("range_db", [12.0, 60.0])
def test_static_curve(level, ratio, range_db):
    """Under the threshold 1 dB becomes `ratio` dB, down to the range."""
    gain = gain_db(square(level, 2.0), threshold_db=-40.0, ratio=ratio, range_db=range_db)[0, -1]
    assert gain == pytest.approx(-min(max(-40 - level, 0) * (ratio - 1), range_db), abs=0.02)


def test_open_it_changes_no_bit():
    loud = Audio(np.stack([square(-10), square(-30)]), RATE)
    out = Gate(GateOptions(threshold_db=-20.0))(loud).samples
    np.testing.assert_array_equal(out[:, RATE // 2 :], loud.samples[:, RATE // 2 :])


def test_between_the_thresholds_it_stays_as_it_was():
    """-44 dB lies between closing (-46) and opening (-40): after loud it is open, after soft it is not."""
    options = {"threshold_db": -40.0, "hysteresis_db": 6.0, "ratio": 5.0, "range_db": 40.0, "hold_ms": 20.0}
    after_loud = gain_db(np.concatenate([square(-20), square(-44)]), **options)[0, -1]
    after_soft = gain_db(np.concatenate([square(-60), square(-44)]), **options)[0, -1]
    assert after_loud == pytest.approx(0, abs=0.01)
    assert after_soft == pytest.approx(-4 * 4, abs=0.1)
    closed = gain_db(np.concatenate([square(-20), square(-46.5)]), **options)[0, -1]
    assert closed == pytest.approx(-6.5 * 4, abs=0.2)


def test_it_holds_then_closes_with_the_release():
    options = {"threshold_db": -40.0, "ratio": 100.0, "range_db": 40.0, "hold_ms": 100.0, "release_ms": 200.0}
    gain = gain_db(np.concatenate([square(-20), square(-60)]), **options, attack_ms=1.0)[0]
    end = RATE + round(0.100 * RATE)
    assert gain[end - 100] == pytest.approx(0, abs=0.01)
    assert gain[end + round(0.01 * RATE)] < -1
    # 40 dB of opening, after one release: two poles, as in the compressor
    opening = 40 * (200 * np.exp(-1) - 1 * np.exp(-200)) / 199
    assert gain[end + round(0.200 * RATE)] == pytest.approx(opening - 40, abs=0.3)


def test_attack_is_the_time_constant_of_opening():
    options = {"threshold_db": -40.0, "ratio": 100.0, "range_db": 40.0, "attack_ms": 20.0, "lookahead_ms": 0.0}
    gain = gain_db(np.concatenate([square(-60), square(-20)]), **options)[0]
    assert gain[RATE + round(0.020 * RATE)] == pytest.approx(-40 * np.exp(-1), abs=0.3)


def test_with_look_ahead_an_onset_is_whole():
    gain = gain_db(np.concatenate([square(-60), square(-20)]), threshold_db=-40.0, attack_ms=1.0, lookahead_ms=10.0)[0]
    assert gain[RATE // 2] < -19
    assert gain[RATE:].min() > -0.01


@pytest.mark.parametrize("frequency_hz", [30.0, 440.0, 8_000.0])
def test_a_wave_does_not_close_it_between_its_peaks(frequency_hz):
    sine = 0.1 * np.sin(2 * np.pi * frequency_hz * np.arange(RATE) / RATE + 0.1)
    out = Gate(GateOptions(threshold_db=-22.0))(Audio.mono(sine, RATE)).samples[0]
    np.testing.assert_allclose(out[RATE // 4 :], sine[RATE // 4 :], atol=1e-6)


def test_channels_share_one_gain():
    gain = gain_db(np.stack([square(-10), square(-80)]), threshold_db=-40.0)
    np.testing.assert_allclose(gain[0], gain[1], atol=1e-4)
    assert gain[1, -1] == pytest.approx(0, abs=1e-4)


def test_switch_is_the_same_however_it_is_cut():
    values = np.random.default_rng(0).uniform(0, 10, 500)
    whole = Switch(3.0, 7.0).process(values)
    cut = Switch(3.0, 7.0)
    np.testing.assert_array_equal(np.concatenate([cut.process(part) for part in np.split(values, [1, 2, 77])]), whole)
    state, expected = False, []
    for value in values:
        state = value >= 7 or (state and value >= 3)
        expected.append(state)
    np.testing.assert_array_equal(whole, expected)
