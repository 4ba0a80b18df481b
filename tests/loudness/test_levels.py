"""RMS, crest factor, noise floor, DC and clipping, by signals whose answers are known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocolab.audio import Audio
from vocolab.loudness import Loudness, measure
from vocolab.loudness.bins import PowerBins, sliding_sum
from vocolab.loudness.clipping import FULL_SCALE, ClippingCounter

RATE = 22_050


def sine(level_dbfs: float = 0.0, seconds: float = 1.0, hz: float = 441.0) -> np.ndarray:
    return 10 ** (level_dbfs / 20) * np.sin(2 * np.pi * hz * np.arange(round(seconds * RATE)) / RATE)


def read(*channels: np.ndarray) -> Loudness:
    return measure(Audio(np.stack(channels), RATE))


def test_a_sine_is_3_db_under_its_peak_and_a_square_wave_at_it():
    tone = sine(-6.0)
    assert read(tone).rms_dbfs == pytest.approx(-9.01, abs=0.01)
    assert read(tone).crest_db == pytest.approx(3.01, abs=0.02)
    assert read(np.sign(sine(hz=100))).crest_db == pytest.approx(0.0, abs=0.02)


def test_rms_is_over_all_channels():
    """The same on both channels reads as in mono; one silent channel takes 3 dB away."""
    tone = sine(-6.0)
    assert read(tone, tone).rms_dbfs == pytest.approx(read(tone).rms_dbfs, abs=1e-6)
    assert read(tone, 0 * tone).rms_dbfs == pytest.approx(read(tone).rms_dbfs - 3.01, abs=0.01)


def test_rms_counts_every_sample():
    """Also those after the last whole bin: 0.15 s of which the last third is silent."""
    loud, silent = np.full(round(0.1 * RATE), 0.5), np.zeros(round(0.05 * RATE))
    assert read(np.concatenate([loud, silent])).rms_dbfs == pytest.approx(10 * np.log10(0.25 * 2 / 3), abs=0.01)
    assert read(np.concatenate([silent, loud])).rms_dbfs == pytest.approx(10 * np.log10(0.25 * 2 / 3), abs=0.01)


def test_noise_floor_is_that_of_the_pauses():
    rng = np.random.default_rng(0)
    words = np.concatenate([sine(-12, 0.8), 0 * sine(-12, 0.7)] * 4)
    noise = 10 ** (-62 / 20) * rng.standard_normal(len(words))
    assert read(words + noise).noise_floor_dbfs == pytest.approx(-62.0, abs=0.3)
    assert read(words[: RATE // 2] + noise[: RATE // 2]).noise_floor_dbfs > -20  # no pause in it


def test_digital_silence_is_no_noise_floor():
    rng = np.random.default_rng(0)
    noise = 10 ** (-50 / 20) * rng.standard_normal(2 * RATE)
    padded = np.concatenate([np.zeros(RATE), noise, np.zeros(RATE)])
    assert read(padded).noise_floor_dbfs == pytest.approx(-50.0, abs=0.3)
    assert read(np.zeros(2 * RATE)).noise_floor_dbfs is None
    assert read(noise[: RATE // 2 - 1]).noise_floor_dbfs is None


def test_dc_is_that_of_the_channel_where_it_is_furthest_off():
    tone = sine(-20)
    assert read(tone).dc_offset == pytest.approx(0.0, abs=1e-6)
    assert read(tone + 0.01, tone - 0.03).dc_offset == pytest.approx(-0.03, abs=1e-6)
    assert read(np.zeros(10)).dc_offset == 0.0
    assert read(np.zeros(0)).dc_offset is None


# Clipping.


def test_a_clipped_sine_is_counted_where_it_stays_at_full_scale():
    clipped = np.clip(sine(6.0), -1, 1)
    expected = int((np.abs(clipped) >= FULL_SCALE).sum())  # 441 Hz: each run has some 17 samples
    assert expected > 5_000
    assert read(clipped).clipped_samples == expected
    assert read(clipped, 0.5 * clipped).clipped_samples == expected
    assert read(sine(0.0, hz=4410)).clipped_samples == 0


@pytest.mark.parametrize(
    ("values", "clipped"),
    [
        ([1, 1], 0), ([1, 1, 1], 3), ([1, 1, 0.9, 1, 1], 0), ([1, 1, -1, -1], 0), ([1, 1, 1, -1, -1, -1, -1], 7),
        ([1.5, 1.2, 3.0], 0), ([1.5] * 3, 3), ([1, 1, 1, 1.5, 1], 3),
        ([32767 / 32768] * 3, 3), ([32766 / 32768] * 3, 0), ([-1, -1, -1, 0], 3),
    ],
)  # fmt: skip
def test_runs_of_three_equal_samples(values, clipped):
    assert read(np.array(values, dtype=np.float32)).clipped_samples == clipped


@given(st.lists(st.sampled_from([1.0, -1.0, 0.2]), max_size=40), st.lists(st.integers(1, 5), min_size=1))
def test_runs_go_on_over_the_edges_of_blocks(values, cuts):
    whole, parts = ClippingCounter(1), ClippingCounter(1)
    samples, position, index = np.array([values], np.float32), 0, 0
    if values:
        whole.add(samples, 1.0)
    while position < len(values):
        block = samples[:, position : position + cuts[index % len(cuts)]]
        parts.add(block, float(np.abs(block).max()))
        position, index = position + block.shape[1], index + 1
    runs = "".join({1.0: "+", -1.0: "-", 0.2: " "}[value] for value in values)
    expected = sum(len(run) for run in runs.replace("+-", "+ -").replace("-+", "- +").split() if len(run) >= 3)
    assert whole.clipped_samples == parts.clipped_samples == expected


# Bins.


@given(st.lists(st.integers(0, 100), max_size=60), st.integers(1, 70))
def test_sliding_sums(values, width):
    expected = [sum(values[start : start + width]) for start in range(len(values) - width + 1)]
    assert sliding_sum(np.array(values, float), width).tolist() == expected


def test_bins_keep_time_at_rates_that_they_do_not_divide():
    """At 11025 Hz a bin of 10 ms has 110.25 samples: an hour has 360 000 bins, none of them lost."""
    bins = PowerBins(11_025, 10, np.ones(1))
    for _ in range(60):
        bins.add(np.ones((1, 11_025 * 60)))
    powers = bins.window_powers(1)
    assert len(powers) == 360_000
    np.testing.assert_allclose(powers, 1.0)
    assert bins.energy == 11_025 * 3600
