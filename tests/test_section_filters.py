"""Second-order sections by products give what the recursion gives, however a stream is cut."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import butter, sosfilt

from vocolab.section_filters import SectionBank

SLOW = butter(4, 20, btype="highpass", fs=192_000, output="sos")
FAST = butter(8, 8_000, btype="lowpass", fs=48_000, output="sos")


def noise(n_samples: int, channels: int = 2) -> np.ndarray:
    return np.random.default_rng(3).standard_normal((channels, n_samples)).astype(np.float32)


@pytest.mark.parametrize("n_samples", [1, 31, 9_000, 70_001])
def test_a_bank_is_its_cascades(n_samples: int) -> None:
    x = noise(n_samples)
    bands = SectionBank([SLOW, FAST], 2).process(x)
    for band, sections in zip(bands, (SLOW, FAST), strict=True):
        np.testing.assert_allclose(band, sosfilt(sections, x.astype(np.float64)), atol=1e-7)


def test_it_goes_on_from_the_state() -> None:
    """An offset that has always been there does not get through a high-pass."""
    bank = SectionBank([SLOW], 2)
    bank.process(np.ones((2, 3_000_000), np.float32))
    assert np.abs(bank.process(np.ones((2, 20_000), np.float32))).max() < 1e-6


def test_no_sections_change_nothing() -> None:
    x = noise(20_000)
    np.testing.assert_array_equal(SectionBank([np.zeros((0, 6))], 2).process(x)[0], x)


@settings(max_examples=10, deadline=None)
@given(cuts=st.lists(st.integers(0, 30_000), max_size=4))
def test_parts_are_the_whole(cuts: list[int]) -> None:
    x, edges = noise(30_000), sorted({0, 30_000, *cuts})
    bank = SectionBank([SLOW, FAST], 2)
    parts = [bank.process(x[:, start:stop]) for start, stop in pairwise(edges)]
    np.testing.assert_allclose(np.concatenate(parts, axis=-1), SectionBank([SLOW, FAST], 2).process(x), atol=1e-7)
