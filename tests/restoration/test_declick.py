"""De-click: inserted clicks are found and filled, clean speech keeps its bits, nothing but clicks is touched."""

from __future__ import annotations

import numpy as np
import pytest
from restoration.takes import take

from vocolab.audio import Audio
from vocolab.metrics import pesq_wb
from vocolab.testing.fault_events import with_clicks
from vocolab_restoration.declick import DeClick
from vocolab_restoration.options_events import DeClickOptions
from vocolab_restoration.prediction import Grid, interpolate, predicted

RATE = 22_050


def declicked(samples: np.ndarray, sample_rate: int = RATE, **options: float) -> np.ndarray:
    return DeClick(DeClickOptions(**options))(Audio.mono(samples, sample_rate)).samples[0]


def changed(before: np.ndarray, after: np.ndarray) -> list[tuple[int, int]]:
    """Stretches of samples that differ, those less than a millisecond apart as one."""
    at = np.flatnonzero(np.float32(before) != after)
    parts = np.split(at, np.flatnonzero(np.diff(at) > RATE // 1000) + 1) if len(at) else []
    return [(int(part[0]), int(part[-1]) + 1) for part in parts]


def test_inserted_clicks_are_found_and_no_more():
    clean = take(20.0, RATE)
    clicked, places = with_clicks(clean, RATE, 15.0, seed=2)
    found = changed(clicked, declicked(clicked))
    slack = RATE // 1000
    hit = [any(start < stop_ + slack and stop > start_ - slack for start, stop in found) for start_, stop_ in places]
    assert len(places) > 25
    assert np.mean(hit) >= 0.95
    assert len(changed(clean, declicked(clean))) <= 2  # in 20 s


def test_what_is_filled_in_is_nearer_to_what_was_there():
    clean = take(20.0, RATE)
    clicked, places = with_clicks(clean, RATE, 15.0, seed=3)
    mended = declicked(clicked)
    gains_db = [10 * np.log10(np.sum((clicked[a:b] - clean[a:b]) ** 2) / np.sum((mended[a:b] - clean[a:b]) ** 2))
                for a, b in places]
    assert np.median(gains_db) > 15


def test_clean_speech_is_as_it_was():
    clean = take(8.0, 16_000)
    assert pesq_wb(Audio.mono(clean, 16_000), Audio.mono(declicked(clean, 16_000), 16_000)) >= 4.4


@pytest.mark.parametrize("sample_rate", [8_000, 192_000])
def test_a_single_sample_is_found_at_any_rate(sample_rate):
    tone = 0.1 * np.sin(2 * np.pi * 220 * np.arange(sample_rate) / sample_rate)
    at = sample_rate // 2 + 7
    clicked = tone.copy()
    clicked[at] += 0.3
    mended = declicked(clicked, sample_rate)
    assert abs(mended[at] - tone[at]) < 1e-3
    # All else keeps its bits, but for the neighbours that belong to the click.
    far = np.abs(np.arange(len(tone)) - at) > sample_rate // 1000
    np.testing.assert_array_equal(mended[far], np.float32(clicked)[far])


def test_each_channel_is_looked_at_by_itself():
    clean = take(2.0, RATE)
    clicked, _ = with_clicks(clean, RATE, 20.0)
    out = DeClick(DeClickOptions())(Audio(np.stack([clicked, clean]).astype(np.float32), RATE)).samples
    np.testing.assert_array_equal(out[1], declicked(clean))
    np.testing.assert_array_equal(out[0], declicked(clicked))


def test_a_step_and_noise_are_no_clicks():
    rng = np.random.default_rng(0)
    step = np.repeat([0.1, -0.2], RATE) + 1e-3 * rng.standard_normal(2 * RATE)
    np.testing.assert_array_equal(declicked(step), np.float32(step))
    noise = 0.1 * rng.standard_normal(4 * RATE)
    np.testing.assert_array_equal(declicked(noise), np.float32(noise))


def test_a_gap_in_what_the_model_describes_is_filled_exactly():
    time = np.arange(4 * 1024)
    tones = sum(np.sin(frequency * time + frequency) for frequency in (0.05, 0.11, 0.31))
    grid = Grid(64, 12)
    models = predicted(tones, grid).models
    np.testing.assert_allclose(interpolate(tones, 1000, 1030, models[8]), tones[1000:1030], atol=2e-3)


def test_a_model_predicts_its_own_process():
    """The residual of an AR process is the noise that drove it."""
    from scipy.signal import lfilter

    rng = np.random.default_rng(1)
    driving = rng.standard_normal(40_000)
    made = lfilter([1.0], [1.0, -1.6, 0.9], driving)
    grid = Grid(2_000, 2)
    found = predicted(made, grid)
    np.testing.assert_allclose(found.models.mean(axis=0), [1.0, -1.6, 0.9], atol=0.02)
    middle = driving[grid.margin : grid.margin + len(found.forward)]
    assert np.corrcoef(found.forward, middle)[0, 1] > 0.99
