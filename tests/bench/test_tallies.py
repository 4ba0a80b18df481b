"""Figures over clips: their values, intervals that hold what they say, and differences clip by clip."""

from __future__ import annotations

import numpy as np
import pytest

from vocolab.bench.clip_figures import ClipFigures
from vocolab.bench.rows import make_row
from vocolab.bench.tallies import tallies
from vocolab.metrics.noise import NoiseSums


def clips(values: np.ndarray, name: str = "score") -> list[ClipFigures]:
    return [ClipFigures(f"c{index}", {name: float(value)}) for index, value in enumerate(values)]


def test_a_mean_and_its_interval() -> None:
    """Of 50 draws from a normal distribution: the interval is that of its standard error."""
    values = np.random.default_rng(0).normal(4.0, 0.5, 50)
    row = make_row("voice", clips(values))
    assert row.figures["score"] == pytest.approx(values.mean())
    low, high = row.intervals["score"]
    error = 1.96 * values.std() / np.sqrt(50)
    assert (low, high) == pytest.approx((values.mean() - error, values.mean() + error), abs=0.25 * error)


def test_intervals_hold_the_truth_about_95_times_in_a_hundred() -> None:
    random = np.random.default_rng(1)
    hits = 0
    for _ in range(100):
        low, high = tallies(clips(random.normal(0.0, 1.0, 25)))["score"].interval()
        hits += low <= 0 <= high
    assert 86 <= hits <= 99


def test_few_clips_have_no_interval() -> None:
    assert make_row("voice", clips(np.arange(4.0))).intervals == {}


def test_a_small_difference_that_every_clip_has_is_clear() -> None:
    """Clips differ by a whole point, the two rows by 0.05 each time: paired it is clear, unpaired it would not be."""
    hard = np.random.default_rng(2).normal(4.0, 1.0, 20)
    one, other = make_row("a", clips(hard + 0.05)), make_row("b", clips(hard))
    assert one.intervals["score"][0] < other.figures["score"]
    difference = one.less(other)["score"]
    assert difference.value == pytest.approx(0.05) and difference.is_clear
    assert difference.interval == pytest.approx((0.05, 0.05), abs=1e-6)
    assert not one.less(one)["score"].is_clear


def test_rows_of_other_clips_are_not_compared() -> None:
    six = clips(np.arange(6.0))
    assert make_row("a", six).less(make_row("b", six[1:])) == {}
    unjudged = [ClipFigures("c0", {}), *six[1:]]
    assert "score" not in make_row("a", six).less(make_row("b", unjudged))


def test_a_clip_that_was_not_judged_is_in_no_mean() -> None:
    row = make_row("voice", [*clips(np.full(6, 2.0)), ClipFigures("c6", {}, problems=("score: no speech",))])
    assert row.figures["score"] == 2.0 and row.problems == ("c6: score: no speech",)


def test_speed_and_noise_are_ratios_of_sums() -> None:
    """A long clip counts for more than a short one."""
    noise = [NoiseSums(np.full(4, 10.0), np.full(4, 100.0), np.array([2.0, 1.0]), 1.0),
             NoiseSums(np.full(4, 0.9), np.full(4, 1.0), np.array([0.0, 1.0]), 0.01)]
    measured = [ClipFigures("long", {}, 1.0, 99.0, noise=noise[0]), ClipFigures("short", {}, 1.0, 1.0, noise=noise[1])]
    figures = make_row("voice", measured).figures
    assert figures["rtf"] == pytest.approx(0.02)
    assert figures["repetition"] == pytest.approx(10.9 / 101)
    assert figures["noise_modulation_db"] == pytest.approx(0.0)
    assert "repetition_8k" not in figures


def test_a_group_is_a_row_of_its_clips() -> None:
    row = make_row("voice", clips(np.arange(10.0)), 7, 8)
    half = row.of({"c0", "c1", "c2", "c3", "c4"})
    assert half.figures["score"] == 2.0 and (half.label, half.parameters, half.stored_bytes) == ("voice", 7, 8)
