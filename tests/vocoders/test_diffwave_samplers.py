"""Samplers on Gaussian data, where the best estimate and the exact solution are known.

For clean values of deviation s, x = signal * clean + noise * n has the variance v = signal^2 s^2 + noise^2, the best
estimate of the clean value is signal s^2 x / v, and the probability flow keeps x / sqrt(v).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import pytest
import torch
from torch import Tensor

from vocolab_diffwave.plan import spread_levels
from vocolab_diffwave.samplers.adaptive import adaptive, joined
from vocolab_diffwave.samplers.ancestral import ancestral
from vocolab_diffwave.samplers.ddim import ddim
from vocolab_diffwave.samplers.dpm_solver import dpm_solver
from vocolab_diffwave.samplers.estimate import Estimate, Span, parts
from vocolab_diffwave.schedules import Level, Schedule, cosine

DEVIATION = 0.4
SCHEDULE = Schedule(tuple(cosine(1000)))


def variance(level: Level) -> float:
    return level.signal**2 * DEVIATION**2 + level.noise**2


@dataclass
class GaussianDenoiser:
    """The best estimate there is for Gaussian data."""

    spans: list[list[Span] | None] = field(default_factory=list)

    def __call__(self, noisy: Tensor, level: Level, spans: Sequence[Span] | None = None) -> Estimate:
        self.spans.append(None if spans is None else list(spans))
        clean = level.signal * DEVIATION**2 / variance(level) * noisy
        return Estimate(clean, (noisy - level.signal * clean) / level.noise)


def draws(stream: int, n: int = 40_000) -> Tensor:
    return torch.randn(1, 1, n, generator=torch.Generator().manual_seed(stream), dtype=torch.float64)


def ones(stream: int) -> Tensor:
    return torch.ones(1, 1, 1, dtype=torch.float64)


def evenly_in_log_snr(steps: int) -> list[Level]:
    levels = []
    for log_snr in np.linspace(-2.5, 2.5, steps + 1):
        levels.append(SCHEDULE.aligned(float(1.0 / (1.0 + np.exp(-2.0 * log_snr)))))
    return levels


def exact(levels: Sequence[Level]) -> float:
    """Where the flow takes 1 from the first level to the last, and the clean value that is estimated there."""
    last = levels[-1]
    arrived = float(np.sqrt(variance(last) / variance(levels[0])))
    return last.signal * DEVIATION**2 / variance(last) * arrived


@pytest.mark.parametrize(
    "sampler",
    [
        lambda levels: ancestral(GaussianDenoiser(), draws, levels),
        lambda levels: ddim(GaussianDenoiser(), draws, levels),
        lambda levels: ddim(GaussianDenoiser(), draws, levels, eta=0.5),
        lambda levels: dpm_solver(GaussianDenoiser(), draws, levels),
    ],
    ids=["ancestral", "ddim", "ddim eta 0.5", "dpm-solver"],
)
def test_what_comes_out_has_the_variance_of_the_data(sampler: Callable[[list[Level]], Tensor]) -> None:
    assert float(sampler(spread_levels(SCHEDULE, 250)).std()) == pytest.approx(DEVIATION, rel=0.02)


def errors(sampler: Callable[..., Tensor], steps: Sequence[int]) -> list[float]:
    result = []
    for count in steps:
        levels = evenly_in_log_snr(count)
        result.append(abs(float(sampler(GaussianDenoiser(), ones, levels)) - exact(levels)))
    return result


def test_the_solver_is_of_second_order_and_ddim_of_first() -> None:
    steps = [20, 40, 80]
    first, second = errors(ddim, steps), errors(dpm_solver, steps)
    for coarse, fine in pairwise(first):
        assert coarse / fine == pytest.approx(2.0, rel=0.15)
    for coarse, fine in pairwise(second):
        assert coarse / fine == pytest.approx(4.0, rel=0.2)


@pytest.mark.parametrize("steps", [4, 6, 10])
def test_the_solver_is_closer_than_ddim_at_few_steps(steps: int) -> None:
    assert errors(dpm_solver, [steps])[0] < 0.6 * errors(ddim, [steps])[0]


def test_eta_one_is_ancestral_sampling() -> None:
    levels = spread_levels(SCHEDULE, 60)
    one = ddim(GaussianDenoiser(), draws, levels, eta=1.0)
    other = ancestral(GaussianDenoiser(), draws, levels)
    torch.testing.assert_close(one, other, atol=1e-9, rtol=1e-9)


def test_ancestral_steps_stay_within_the_limit() -> None:
    seen: list[float] = []

    def watching(noisy: Tensor, level: Level, spans: Sequence[Span] | None = None) -> Estimate:
        seen.append(float(noisy.abs().max()))
        return GaussianDenoiser()(noisy, level)

    ancestral(watching, draws, spread_levels(SCHEDULE, 6), limit=1.0)
    assert seen[0] > 3.0  # the start is as it was drawn
    assert max(seen[1:]) <= 1.0


@pytest.mark.parametrize("predict", ["noise", "audio", "v"])
def test_both_parts_follow_from_whatever_is_predicted(predict: str) -> None:
    clean, noise = draws(1, 50), draws(2, 50)
    level = SCHEDULE.at(300.5)
    noisy = level.signal * clean + level.noise * noise
    output = {"noise": noise, "audio": clean, "v": level.signal * noise - level.noise * clean}[predict]
    estimate = parts(noisy, output, level, predict)
    torch.testing.assert_close(estimate.clean, clean)
    torch.testing.assert_close(estimate.noise, noise)


SEGMENTS = [(0, 10_000), (10_000, 25_000), (25_000, 40_000)]


def test_adaptive_without_tolerance_is_the_solver() -> None:
    levels = spread_levels(SCHEDULE, 8)
    adapted = adaptive(GaussianDenoiser(), draws, levels, segments=SEGMENTS, tolerance=1e-12)
    torch.testing.assert_close(adapted, dpm_solver(GaussianDenoiser(), draws, levels))


def test_adaptive_stops_each_segment_where_it_has_settled() -> None:
    """Where there is nothing to find, the estimate settles at once; elsewhere the solver goes on undisturbed."""
    levels = spread_levels(SCHEDULE, 8)
    denoise = GaussianDenoiser()
    known = torch.full((1, 1, 40_000), 0.3, dtype=torch.float64)

    def partly(noisy: Tensor, level: Level, spans: Sequence[Span] | None = None) -> Estimate:
        estimate = denoise(noisy, level, spans)
        clean = estimate.clean.clone()
        clean[..., 10_000:25_000] = known[..., 10_000:25_000]
        return Estimate(clean, estimate.noise)

    adapted = adaptive(partly, draws, levels, segments=SEGMENTS, tolerance=0.01)
    assert denoise.spans[0] == denoise.spans[1] == [(0, 40_000)]
    assert denoise.spans[2] == [(0, 10_000), (25_000, 40_000)]
    assert len(denoise.spans) == len(levels)
    torch.testing.assert_close(adapted[..., 10_000:25_000], known[..., 10_000:25_000])
    solved = dpm_solver(GaussianDenoiser(), draws, levels)
    torch.testing.assert_close(adapted[..., :10_000], solved[..., :10_000])


def test_adaptive_takes_fewer_steps_the_more_it_tolerates() -> None:
    counts = []
    for tolerance in (1e-4, 0.05, 1.0):
        denoise = GaussianDenoiser()
        adaptive(denoise, draws, spread_levels(SCHEDULE, 60), segments=SEGMENTS, tolerance=tolerance)
        counts.append(len(denoise.spans))
    assert counts[0] > counts[1] > counts[2]
    assert counts[2] >= 2


def test_spans_are_joined_where_they_meet() -> None:
    assert joined([(0, 2), (2, 5), (7, 8), (8, 9)]) == [(0, 5), (7, 9)]
