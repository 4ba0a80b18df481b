from __future__ import annotations

import numpy as np
import pytest

from vocolab.audio import Audio
from vocolab_mastering.options_edit import TrimOptions
from vocolab_mastering.trim import Trim

RATE = 48_000


def take(head_s: float, body_s: float, tail_s: float, rate: int = RATE, channels: int = 1) -> Audio:
    """A tone at -20 dBFS with noise at -80 dBFS around it."""
    n_samples = round((head_s + body_s + tail_s) * rate)
    samples = 1e-4 * np.random.default_rng(0).standard_normal((channels, n_samples))
    first, last = round(head_s * rate), round((head_s + body_s) * rate)
    samples[-1, first:last] += np.sqrt(2) * 0.1 * np.sin(2 * np.pi * 440 * np.arange(last - first) / rate)
    return Audio(samples, rate)


@pytest.mark.parametrize("rate", [8_000, 22_050, 192_000])
@pytest.mark.parametrize("keep_ms", [0.0, 250.0])
@pytest.mark.parametrize("channels", [1, 2])
def test_what_is_kept_begins_and_ends_where_the_sound_does(rate, keep_ms, channels):
    audio = take(1.0, 0.5, 2.0, rate, channels)
    kept = Trim(TrimOptions(keep_ms=keep_ms))(audio)
    assert kept.seconds == pytest.approx(0.5 + 2 * keep_ms / 1000, abs=0.021)  # a window of 10 ms at either end
    start = next(i for i in range(audio.n_samples) if np.array_equal(audio.samples[:, i : i + 9], kept.samples[:, :9]))
    assert start / rate == pytest.approx(1.0 - keep_ms / 1000, abs=0.011)
    np.testing.assert_array_equal(kept.samples, audio.samples[:, start : start + kept.n_samples])


def test_pauses_inside_stay():
    audio = Audio(np.concatenate([take(1, 0.5, 1).samples, take(1, 0.5, 1).samples], axis=1), RATE)
    assert Trim(TrimOptions(keep_ms=0.0))(audio).seconds == pytest.approx(0.5 + 2 + 0.5, abs=0.021)


def test_one_end_alone():
    audio = take(1.0, 0.5, 2.0)
    assert Trim(TrimOptions(keep_ms=0.0, tail=False))(audio).seconds == pytest.approx(2.5, abs=0.011)
    assert Trim(TrimOptions(keep_ms=0.0, head=False))(audio).seconds == pytest.approx(1.5, abs=0.011)


def test_without_any_sound_nothing_is_trimmed():
    for audio in (take(1.0, 0.0, 1.0), Audio(np.zeros((2, 5_000), np.float32), RATE)):
        np.testing.assert_array_equal(Trim(TrimOptions())(audio).samples, audio.samples)


def test_the_threshold_is_rms():
    audio = take(1.0, 0.5, 1.0)  # the tone has -20 dB RMS
    assert Trim(TrimOptions(threshold_db=-20.5, keep_ms=0.0))(audio).seconds < 0.6
    assert Trim(TrimOptions(threshold_db=-19.5, keep_ms=0.0))(audio).seconds == 2.5


def test_sound_in_the_last_short_window_counts():
    samples = np.zeros((1, 4_803), np.float32)
    samples[0, 2_000] = samples[0, -1] = 0.5
    kept = Trim(TrimOptions(keep_ms=0.0, head=False))(Audio(samples, RATE))
    np.testing.assert_array_equal(kept.samples, samples)
