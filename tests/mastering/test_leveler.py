from __future__ import annotations

import numpy as np
import pytest
from speech_like import speech_like

from vocolab.audio import Audio
from vocolab.errors import AudioError
from vocolab.loudness import measure
from vocolab_mastering.leveler import Fader, Leveler
from vocolab_mastering.options_dynamics import LevelerOptions

RATE = 16_000


def leveled(samples: np.ndarray, rate: int = RATE, **options: object) -> np.ndarray:
    return Leveler(LevelerOptions(**options))(Audio(np.atleast_2d(samples), rate)).samples


def speech_at(lufs: float, seconds: float, seed: int = 0) -> np.ndarray:
    audio = speech_like(seconds, RATE, seed=seed)
    return audio.samples * 10 ** ((lufs - measure(audio).integrated_lufs) / 20)


def loudness(samples: np.ndarray) -> float:
    return measure(Audio(samples, RATE)).integrated_lufs


def gain_db(out: np.ndarray, samples: np.ndarray) -> np.ndarray:
    """Gain of each tenth of a second that is not silent."""
    size = RATE // 10
    n_bins = samples.shape[1] // size
    before, after = (
        np.square(x[0, : n_bins * size], dtype=np.float64).reshape(n_bins, size).mean(axis=1) for x in (samples, out)
    )
    return 10 * np.log10(after / before)


@pytest.mark.parametrize("lookahead_s", [0.0, 1.5])
def test_soft_and_loud_passages_end_near_the_target(lookahead_s):
    samples = np.concatenate([speech_at(-35.0, 20.0), speech_at(-20.0, 20.0, seed=1)], axis=1)
    out = leveled(samples, target_lufs=-24.0, max_boost_db=15.0, lookahead_s=lookahead_s)
    soft, loud = out[:, 4 * RATE : 18 * RATE], out[:, 25 * RATE :]
    assert loudness(soft) == pytest.approx(-24, abs=2)
    assert loudness(loud) == pytest.approx(-24, abs=2)


@pytest.mark.parametrize("noise_dbfs", [-65.0, -52.0])
def test_pauses_are_not_pumped_up(noise_dbfs):
    """Noise under the gate, and noise over it but far under the speech: the gain rests through 6 s of pause."""
    rng = np.random.default_rng(0)
    speech = speech_at(-20.0, 8.0)
    samples = np.concatenate([speech, np.zeros((1, 6 * RATE)), speech], axis=1)
    samples = samples + 10 ** (noise_dbfs / 20) * rng.standard_normal(samples.shape)
    gain = gain_db(leveled(samples, target_lufs=-14.0, max_boost_db=20.0, gate_lufs=-60.0), samples)
    before, pause = gain[70:78], gain[85:122]
    assert 2 < before.mean() < 9
    assert np.ptp(pause) < 0.1
    assert abs(pause[-1] - before[-1]) < 2


def test_a_tone_reaches_the_target_and_the_limits():
    tone = 0.1 * np.sin(2 * np.pi * 997 * np.arange(8 * RATE) / RATE)  # -23 LUFS
    assert loudness(leveled(tone, target_lufs=-18.0)[:, 4 * RATE :]) == pytest.approx(-18, abs=0.1)
    assert loudness(leveled(tone, target_lufs=-10.0, max_boost_db=6.0)) == pytest.approx(-23 + 6, abs=0.1)
    assert loudness(leveled(tone, target_lufs=-40.0, max_cut_db=4.0)) == pytest.approx(-23 - 4, abs=0.1)


@pytest.mark.parametrize("slope", [1.0, 6.0])
def test_the_gain_never_moves_faster_than_it_may(slope):
    samples = np.concatenate([speech_at(-35.0, 8.0), speech_at(-15.0, 8.0, seed=2)], axis=1)
    out = leveled(samples, max_slope_db_per_s=slope)
    heard = np.abs(samples[0]) > 1e-5
    places = np.flatnonzero(heard[: -RATE // 10] & heard[RATE // 10 :])
    gain = 20 * np.log10(np.divide(out[0], samples[0], where=heard, out=np.ones(len(heard))))
    moved = np.abs(gain[places + RATE // 10] - gain[places])
    assert 0.09 * slope < moved.max() < 0.102 * slope
    assert np.ptp(gain[places]) > 5


def test_look_ahead_turns_down_before_the_loud_passage():
    samples = np.concatenate([speech_at(-30.0, 8.0), speech_at(-15.0, 8.0, seed=2)], axis=1)
    ahead = gain_db(leveled(samples), samples)
    behind = gain_db(leveled(samples, lookahead_s=0.0), samples)
    assert ahead[79] < ahead[60] - 2
    assert behind[79] == pytest.approx(behind[70], abs=1.5)
    assert ahead[85] < behind[85] - 2


def test_what_is_under_the_gate_is_left_alone():
    quiet = speech_at(-60.0, 5.0)
    np.testing.assert_array_equal(leveled(quiet, gate_lufs=-45.0), quiet)


def test_less_than_300_ms_is_left_alone():
    short = speech_at(-30.0, 2.0)[:, : int(0.29 * RATE)]
    np.testing.assert_array_equal(leveled(short), short)


def test_speech_far_softer_than_before_is_found_again():
    """25 LU down is a pause at first; after 5 s it is not."""
    samples = np.concatenate([speech_at(-12.0, 6.0), speech_at(-37.0, 25.0, seed=1)], axis=1)
    gain = gain_db(leveled(samples, target_lufs=-20.0), samples)
    assert gain[-1] > 8


def test_channels_share_one_gain():
    left = speech_at(-25.0, 4.0)[0]
    out = leveled(np.stack([left, 0.1 * left]))
    np.testing.assert_allclose(out[1], 0.1 * out[0], atol=1e-6)


def test_more_than_six_channels_have_no_loudness():
    with pytest.raises(AudioError, match="1 to 6 channels"):
        leveled(np.zeros((7, 100)))


def test_the_fader_rests_in_silence():
    fader = Fader(LevelerOptions(lookahead_s=0.0))
    for _ in range(20):
        moved = fader.move(0.01)
    assert moved != 0
    assert {fader.move(0.0) for _ in range(600)} == {moved}
