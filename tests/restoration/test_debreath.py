"""De-breath: inserted breaths are 10 dB down, and no word is touched."""

from __future__ import annotations

import numpy as np
import pytest
from restoration.takes import take

from vocolab.audio import Audio
from vocolab.metrics import pesq_wb
from vocolab.testing.fault_events import with_breaths
from vocolab_restoration.debreath import DeBreath
from vocolab_restoration.options_events import DeBreathOptions

RATE = 16_000


def softened(samples: np.ndarray, sample_rate: int = RATE, **options: float) -> np.ndarray:
    return DeBreath(DeBreathOptions(**options))(Audio.mono(samples, sample_rate)).samples[0]


def level_db(samples: np.ndarray) -> float:
    return float(10 * np.log10(np.mean(np.square(samples, dtype=np.float64))))


@pytest.mark.parametrize("under_db", [20.0, 30.0])
def test_breaths_are_10_db_down_and_words_untouched(under_db):
    clean = take(25.0, RATE)
    breathing, places = with_breaths(clean, RATE, under_db, seed=1)
    after = softened(breathing)
    change_db = [level_db(after[a:b]) - level_db(breathing[a:b]) for a, b in places]
    assert len(places) >= 5
    assert np.median(change_db) == pytest.approx(-10, abs=0.3)
    assert np.mean(np.array(change_db) < -9) >= 0.9
    words = clean != 0
    for start, stop in places:
        words[start:stop] = False
    assert np.mean(after[words] != np.float32(breathing)[words]) < 1e-4


def test_clean_speech_keeps_every_bit():
    clean = take(25.0, RATE)
    after = softened(clean)
    np.testing.assert_array_equal(after, np.float32(clean))
    assert pesq_wb(Audio.mono(clean[: 8 * RATE], RATE), Audio.mono(after[: 8 * RATE], RATE)) >= 4.4


def test_how_far_is_stated_and_channels_share_it():
    clean = take(25.0, RATE)
    breathing, places = with_breaths(clean, RATE, 25.0, seed=1)
    both = np.stack([breathing, -0.5 * breathing])
    out = DeBreath(DeBreathOptions(reduction_db=6.0))(Audio(both.astype(np.float32), RATE)).samples
    np.testing.assert_allclose(out[1], -0.5 * out[0], atol=1e-6)
    start, stop = places[2]
    assert level_db(out[0, start:stop]) - level_db(breathing[start:stop]) == pytest.approx(-6, abs=0.3)


def test_noise_hum_and_notes_are_no_breaths():
    rng = np.random.default_rng(0)
    time = np.arange(6 * RATE) / RATE
    notes = 0.1 * np.sin(2 * np.pi * 440 * time) * np.exp(-(time % 0.5) / 0.1)
    for sound in (0.01 * rng.standard_normal(len(time)), 0.1 * np.sin(2 * np.pi * 50 * time), notes):
        np.testing.assert_array_equal(softened(sound), np.float32(sound))
