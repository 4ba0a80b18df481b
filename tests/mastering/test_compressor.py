from __future__ import annotations

import numpy as np
import pytest

from vocolab.audio import Audio
from vocolab.errors import OptionError
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


@pytest.mark.parametrize(("frequency_hz", "reduced"), [(40.0, False), (4_000.0, True)])
def test_the_side_chain_does_not_hear_what_is_under_its_cutoff(frequency_hz, reduced):
    samples = 0.5 * np.sin(2 * np.pi * frequency_hz * np.arange(RATE) / RATE)
    options = {"threshold_db": -30.0, "ratio": 4.0, "knee_db": 0.0, "release_ms": 500.0}
    plain = Compressor(CompressorOptions(**options))(Audio.mono(samples, RATE)).samples[0]
    deaf = Compressor(CompressorOptions(**options, sidechain_highpass_hz=400.0))(Audio.mono(samples, RATE)).samples[0]
    assert np.abs(plain[RATE // 2 :]).max() < 0.1
    # 40 Hz is 3.3 octaves under 400 Hz: 40 dB down there, and so under the threshold
    expected = np.abs(plain[RATE // 2 :]).max() if reduced else 0.5
    assert np.abs(deaf[RATE // 2 :]).max() == pytest.approx(expected, rel=0.01)


def test_a_side_chain_over_half_the_rate_is_refused():
    effect = Compressor(CompressorOptions(sidechain_highpass_hz=2_000.0))
    with pytest.raises(OptionError, match="half the sample rate of 4000 Hz"):
        effect.open(4_000, 1)


def test_look_ahead_turns_down_before_the_peak_and_holds_until_it_is_out():
    options = {"threshold_db": -30.0, "ratio": 100.0, "knee_db": 0.0, "attack_ms": 1.0, "release_ms": 1.0}
    samples = np.concatenate([square(-40), square(-10, 0.05), square(-40)])
    late = gain_db(Compressor(CompressorOptions(**options)), samples)[0]
    early = gain_db(Compressor(CompressorOptions(**options, lookahead_ms=8.0)), samples)[0]
    full = -20 * (1 - 1 / 100)
    assert late[RATE] > -6
    assert late[RATE - 100] == pytest.approx(0, abs=1e-3)
    assert early[RATE] == pytest.approx(full, abs=0.02)
    assert early[RATE + round(0.05 * RATE) - 1] == pytest.approx(full, abs=0.02)
    assert early[RATE - round(0.0095 * RATE)] == pytest.approx(0, abs=1e-3)


@pytest.mark.parametrize("lookahead_ms", [0.0, 5.0])
def test_latency_is_the_look_ahead_and_under_a_third_of_a_millisecond(lookahead_ms):
    latency = Compressor(CompressorOptions(lookahead_ms=lookahead_ms)).open(RATE, 1).latency_samples
    assert 0 <= latency - lookahead_ms * RATE / 1000 < RATE / 3000
