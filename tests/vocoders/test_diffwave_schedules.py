"""Noise schedules against published values and their own definitions."""

from __future__ import annotations

import numpy as np
import pytest

from vocolab_diffwave.config import PUBLISHED_FAST_SCHEDULE, DiffWaveConfig, config_problems
from vocolab_diffwave.plan import fast_levels, spread_levels
from vocolab_diffwave.schedules import Schedule, cosine, linear, quadratic, sigmoid, training_schedule

NAMES = ["linear", "cosine", "sigmoid", "quadratic"]


def test_the_default_is_the_published_schedule() -> None:
    schedule = training_schedule(DiffWaveConfig())
    np.testing.assert_allclose(schedule.betas, np.linspace(1e-4, 0.05, 50))
    assert schedule.alpha_bars[-1] == pytest.approx(0.28, abs=5e-4)


def test_the_fast_schedule_falls_on_the_published_fractional_steps() -> None:
    levels = fast_levels(training_schedule(DiffWaveConfig()), PUBLISHED_FAST_SCHEDULE)
    steps = [level.step for level in reversed(levels)]
    np.testing.assert_allclose(steps, [0.0, 0.8941, 4.0867, 10.4518, 22.9925, 42.9186], atol=5e-5)
    assert levels[0].alpha_bar == pytest.approx(0.376, abs=5e-4)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("steps", [2, 50, 1000])
def test_noise_grows_from_step_to_step(name: str, steps: int) -> None:
    schedule = training_schedule(DiffWaveConfig.model_validate({"noise_schedule": name, "schedule_steps": steps}))
    assert schedule.steps == steps
    assert np.all((np.asarray(schedule.betas) > 0) & (np.asarray(schedule.betas) < 1))
    assert np.all(np.diff(schedule.alpha_bars) < 0)


def test_the_cosine_schedule_is_a_cosine() -> None:
    """Nichol & Dhariwal, eq. 17, up to the limit of the last variance."""
    alpha_bars = np.cumprod(1.0 - cosine(1000))
    first = np.cos(0.008 / 1.008 * np.pi / 2) ** 2
    for t in (99, 499, 899):
        expected = np.cos(((t + 1) / 1000 + 0.008) / 1.008 * np.pi / 2) ** 2 / first
        assert alpha_bars[t] == pytest.approx(expected, rel=1e-9)
    assert alpha_bars[-1] < 1e-5
    assert cosine(1000).max() == 0.999


def test_named_schedules_between_the_same_ends() -> None:
    first, last, n = 1e-4, 0.05, 101
    np.testing.assert_allclose(linear(n, first, last)[50], (first + last) / 2)
    strides = np.diff(np.sqrt(quadratic(n, first, last)))
    np.testing.assert_allclose(strides, (np.sqrt(last) - np.sqrt(first)) / 100)
    logistic = sigmoid(n, first, last)
    np.testing.assert_allclose(logistic[50], (first + last) / 2)
    np.testing.assert_allclose(logistic + logistic[::-1], first + last)  # symmetric about its middle
    assert logistic[0] - first == pytest.approx((last - first) / (1 + np.exp(6.0)))


def test_a_list_is_taken_as_it_is() -> None:
    betas = [0.001, 0.02, 0.3]
    schedule = training_schedule(DiffWaveConfig(noise_schedule=betas))
    assert schedule.betas == tuple(betas)
    np.testing.assert_allclose(schedule.alpha_bars, [0.999, 0.999 * 0.98, 0.999 * 0.98 * 0.7])


def test_levels_between_steps_are_linear_in_the_signal_and_align_back() -> None:
    schedule = training_schedule(DiffWaveConfig())
    between = schedule.at(7.25)
    assert between.signal == pytest.approx(0.75 * schedule.at(7).signal + 0.25 * schedule.at(8).signal)
    assert between.signal**2 + between.noise**2 == pytest.approx(1.0)
    assert schedule.aligned(between.alpha_bar).step == pytest.approx(7.25)
    assert schedule.aligned(0.01).step == schedule.steps - 1


def test_spread_levels_take_every_step_where_there_are_as_many() -> None:
    schedule = Schedule(tuple(np.linspace(1e-4, 0.05, 50)))
    assert [level.step for level in spread_levels(schedule, 50)] == list(range(49, -1, -1))
    six = [level.step for level in spread_levels(schedule, 6)]
    assert six[0] == 49.0
    np.testing.assert_allclose(np.diff(six), -50 / 6)


@pytest.mark.parametrize(
    "values", [{"noise_schedule": [0.1]}, {"noise_schedule": [0.1, 1.0]}, {"inference_noise_schedule": [0.0, 0.2]}]
)
def test_lists_that_are_no_schedules_are_named(values: dict[str, list[float]]) -> None:
    from vocolab.mels.conventions import convention

    problems = config_problems(values, convention("diffwave-22k"))
    assert len(problems) == 1
    assert problems[0].option.startswith(next(iter(values)))
