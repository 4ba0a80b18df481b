"""What samplers share: the estimate that a network makes of a noisy latent, and where they get their noise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from torch import Tensor

from vocolab_diffwave.schedules import Level

Span: TypeAlias = tuple[int, int]
"""Positions `start` to `stop` along the time axis."""

NoiseSource: TypeAlias = Callable[[int], Tensor]
"""White noise in the latent's shape; the number says which of several independent ones."""


@dataclass(frozen=True)
class Estimate:
    """What is signal and what is noise in x = signal * clean + noise * noise."""

    clean: Tensor
    noise: Tensor


class Denoiser(Protocol):
    """Estimates the parts of a noisy latent (batch, group, time)."""

    def __call__(self, noisy: Tensor, level: Level, spans: Sequence[Span] | None = None) -> Estimate:
        """The parts of `noisy` at `level`; with `spans` only there, and anything elsewhere."""
        ...


Amount: TypeAlias = float | Tensor
"""The factor of a part: one number, or one for each of a batch."""

LEAST_NOISE = 1e-6
"""What is divided by where there is no noise left."""


def parts(noisy: Tensor, output: Tensor, level: Level, predict: str) -> Estimate:
    """Both parts of `noisy` at one level; see `split`."""
    return split(noisy, output, (level.signal, level.noise), max(level.noise, LEAST_NOISE), predict)


def split(noisy: Tensor, output: Tensor, amounts: tuple[Amount, Amount], divisor: Amount, predict: str) -> Estimate:
    """Both parts from the one that the network gives: "noise", "audio" (the clean part) or "v".

    v = signal * noise - noise * clean: Salimans and Ho, "Progressive Distillation" (2022), section 4.

    Args:
        noisy: signal * clean + noise * noise.
        output: What the network gives for it.
        amounts: The factors of signal and noise.
        divisor: The factor of the noise where it is divided by, kept from zero.
        predict: Which part `output` is.
    """
    signal, noise = amounts
    clean = clean_part(noisy, output, amounts, predict)
    if predict == "noise":
        return Estimate(clean, output)
    if predict == "audio":
        return Estimate(clean, (noisy - signal * output) / divisor)
    return Estimate(clean, noise * noisy + signal * output)


def clean_part(noisy: Tensor, output: Tensor, amounts: tuple[Amount, Amount], predict: str) -> Tensor:
    """The clean part of `split` alone."""
    signal, noise = amounts
    if predict == "noise":
        return (noisy - noise * output) / signal
    return output if predict == "audio" else signal * noisy - noise * output
