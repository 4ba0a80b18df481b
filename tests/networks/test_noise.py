"""Noise tied to absolute samples: cuts don't move it, and it is white, normal and independent."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vocolab.networks.noise import gaussian


@given(first=st.integers(0, 10_000), length=st.integers(0, 12_000), cut=st.integers(0, 12_000))
def test_any_piece_equals_the_same_piece_of_a_longer_draw(first: int, length: int, cut: int) -> None:
    whole = gaussian(3, 0, first + length)[first:]
    cut = min(cut, length)
    pieces = [gaussian(3, first, cut), gaussian(3, first + cut, length - cut)]
    assert np.array_equal(np.concatenate(pieces), whole)


def test_it_is_normal_with_unit_variance() -> None:
    noise = gaussian(0, 0, 400_000)
    assert abs(noise.mean()) < 0.01
    assert abs(noise.std() - 1) < 0.01
    assert abs(np.mean(np.abs(noise) < 1) - 0.6827) < 0.005


def test_seeds_and_streams_are_independent() -> None:
    draws = [gaussian(0, 0, 50_000), gaussian(1, 0, 50_000), gaussian(0, 0, 50_000, stream=1)]
    correlations = np.corrcoef(draws)[np.triu_indices(3, 1)]
    assert np.all(np.abs(correlations) < 0.02)


def test_blocks_are_independent_of_each_other() -> None:
    noise = gaussian(0, 0, 8192)
    assert abs(np.corrcoef(noise[:4096], noise[4096:])[0, 1]) < 0.06
