"""Noise schedules: how much noise there is at every step of the diffusion.

The variances beta_1..beta_T and alpha_bar_t = prod(1 - beta_s) are those of Ho et al., "Denoising Diffusion
Probabilistic Models" (2020), section 2; at step t a clean signal x_0 has become
sqrt(alpha_bar_t) x_0 + sqrt(1 - alpha_bar_t) noise.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from vocolab_diffwave.config import DiffWaveConfig

Floats = NDArray[np.float64]

_COSINE_OFFSET = 0.008  # Nichol & Dhariwal, section 3.2: beta_1 not too small
_COSINE_LIMIT = 0.999
_SIGMOID_REACH = 6.0


@dataclass(frozen=True)
class Level:
    """One noise level: the step that the network is told, fractions allowed, and what it stands for."""

    step: float
    alpha_bar: float

    @property
    def signal(self) -> float:
        """Factor of the clean signal."""
        return float(np.sqrt(self.alpha_bar))

    @property
    def noise(self) -> float:
        """Factor of the noise."""
        return float(np.sqrt(1.0 - self.alpha_bar))

    @property
    def log_snr(self) -> float:
        """ln(signal / noise): lambda of the ODE solvers' papers."""
        return 0.5 * float(np.log(self.alpha_bar) - np.log1p(-self.alpha_bar))


@dataclass(frozen=True)
class Schedule:
    """A training schedule, and the steps between its steps: sqrt(alpha_bar) is linear between neighbours."""

    betas: tuple[float, ...]

    @cached_property
    def alpha_bars(self) -> Floats:
        """alpha_bar of every step, falling."""
        return np.asarray(np.cumprod(1.0 - np.asarray(self.betas)), dtype=np.float64)

    @property
    def steps(self) -> int:
        """How many steps there are."""
        return len(self.betas)

    def at(self, step: float) -> Level:
        """The level at a step from 0 to steps - 1."""
        signal = np.interp(step, np.arange(self.steps), np.sqrt(self.alpha_bars))
        return Level(float(step), float(signal**2))

    def aligned(self, alpha_bar: float) -> Level:
        """The level that has `alpha_bar`, with the fractional step that the network knows it by.

        Beyond the schedule's ends it is the first or the last step. Kong et al., "DiffWave" (2021), appendix B.
        """
        signals = np.sqrt(self.alpha_bars)
        step = np.interp(np.sqrt(alpha_bar), signals[::-1], np.arange(self.steps)[::-1])
        return Level(float(step), float(alpha_bar))


def training_schedule(config: DiffWaveConfig) -> Schedule:
    """The schedule of a config: its own list, or a named one."""
    if isinstance(config.noise_schedule, list):
        return Schedule(tuple(config.noise_schedule))
    make = {"linear": linear, "quadratic": quadratic, "sigmoid": sigmoid}.get(config.noise_schedule)
    betas = make(config.schedule_steps, config.first_beta, config.last_beta) if make else cosine(config.schedule_steps)
    return Schedule(tuple(float(beta) for beta in betas))


def linear(steps: int, first_beta: float, last_beta: float) -> Floats:
    """Evenly spaced variances, as published."""
    return np.linspace(first_beta, last_beta, steps)


def quadratic(steps: int, first_beta: float, last_beta: float) -> Floats:
    """Squares of evenly spaced deviations: more of the steps at little noise."""
    return np.linspace(np.sqrt(first_beta), np.sqrt(last_beta), steps) ** 2


def sigmoid(steps: int, first_beta: float, last_beta: float) -> Floats:
    """A logistic curve from one variance to the other, flat at both ends."""
    reach = np.linspace(-_SIGMOID_REACH, _SIGMOID_REACH, steps)
    return first_beta + (last_beta - first_beta) / (1.0 + np.exp(-reach))


def cosine(steps: int) -> Floats:
    """alpha_bar falls as a squared cosine, down to almost nothing: Nichol & Dhariwal (2021), eq. 17."""
    angles = (np.arange(steps + 1) / steps + _COSINE_OFFSET) / (1.0 + _COSINE_OFFSET) * np.pi / 2.0
    alpha_bars = np.cos(angles) ** 2
    betas: Floats = np.minimum(1.0 - alpha_bars[1:] / alpha_bars[:-1], _COSINE_LIMIT)
    return betas
