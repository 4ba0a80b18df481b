from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vocolab_mastering.crossover import Crossover

FIVE_BANDS = [100.0, 500.0, 2_000.0, 8_000.0]
FLAT_DB = 1e-5  # bands of float32: what is left is rounding


def responses(frequencies: list[float], rate: int) -> tuple[np.ndarray, np.ndarray]:
    """Complex responses (bands, bins), and the frequencies of the bins."""
    n_samples = 1 << 17
    impulse = np.zeros((1, n_samples), np.float32)
    impulse[0, 0] = 1
    bands = Crossover(frequencies, rate, 1).process(impulse)[:, 0]
    return np.fft.rfft(bands), np.fft.rfftfreq(n_samples, 1 / rate)


@pytest.mark.parametrize("rate", [22_050, 44_100, 48_000, 96_000, 192_000])
@pytest.mark.parametrize(
    "frequencies", [FIVE_BANDS, [1_000.0], [60.0, 120.0, 250.0, 3_000.0, 4_000.0, 9_000.0], [20.0, 21.0]]
)
def test_the_sum_is_flat(frequencies, rate):
    bands, at_hz = responses(frequencies, rate)
    heard = (at_hz >= 20) & (at_hz <= 0.45 * rate)
    level_db = 20 * np.log10(np.abs(bands.sum(axis=0)[heard]))
    assert np.abs(level_db).max() < FLAT_DB


@pytest.mark.parametrize("rate", [22_050, 48_000])
def test_neighbours_meet_6_db_down_and_in_phase(rate):
    bands, at_hz = responses(FIVE_BANDS, rate)
    for index, crossover in enumerate(FIVE_BANDS):
        at = np.argmin(np.abs(at_hz - crossover))
        lower, upper = bands[index, at], bands[index + 1, at]
        assert 20 * np.log10(abs(lower)) == pytest.approx(-6.02, abs=0.1)
        assert 20 * np.log10(abs(upper)) == pytest.approx(-6.02, abs=0.1)
        assert np.angle(lower / upper) == pytest.approx(0, abs=1e-3)


def test_bands_fall_by_24_db_an_octave():
    bands, at_hz = responses([1_000.0], 131_072)
    low, high = 20 * np.log10(np.abs(bands) + 1e-12)
    np.testing.assert_array_equal(at_hz[[125, 250, 4_000, 8_000]], [125, 250, 4_000, 8_000])
    assert low[8_000] - low[4_000] == pytest.approx(-24, abs=0.5)
    assert high[125] - high[250] == pytest.approx(-24, abs=0.5)


@pytest.mark.parametrize(("rate", "n_bands"), [(48_000, 5), (22_050, 5), (16_000, 4), (8_000, 4), (4_000, 3)])
def test_frequencies_from_0_45_of_the_rate_are_left_out(rate, n_bands):
    assert Crossover(FIVE_BANDS, rate, 1).n_bands == n_bands
    bands, _ = responses(FIVE_BANDS, rate)
    assert len(bands) == n_bands
    np.testing.assert_allclose(np.abs(bands.sum(axis=0)), 1, atol=1e-6)
    assert np.abs(bands[-1, -1]) == pytest.approx(1, abs=1e-3)  # the highest band left has all that is above


def test_without_frequencies_there_is_the_input():
    x = np.random.default_rng(0).standard_normal((2, 100)).astype(np.float32)
    np.testing.assert_array_equal(Crossover([], 48_000, 2).process(x), x[None])


@settings(max_examples=10, deadline=None)
@given(cuts=st.lists(st.integers(0, 5_000), max_size=5))
def test_blocks_equal_the_whole(cuts):
    x = np.random.default_rng(1).standard_normal((2, 5_000)).astype(np.float32)
    crossover = Crossover(FIVE_BANDS, 48_000, 2)
    edges = sorted({0, 5_000, *cuts})
    parts = [crossover.process(x[:, start:end]) for start, end in pairwise(edges)]
    np.testing.assert_allclose(np.concatenate(parts, axis=-1), Crossover(FIVE_BANDS, 48_000, 2).process(x), atol=2e-6)
