"""Losses of the discriminators and adversarial losses of the generator, each summed over the discriminators.

    least-squares   Mao et al. (2017) as in Kong et al., "HiFi-GAN" (2020), eqs. 1 and 2
    hinge           Lim and Ye (2017) as in Zeghidour et al., "SoundStream" (2021), eqs. 1 and 2
    features        Larsen et al. (2016) as in HiFi-GAN, eq. 4
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from vocolab.training.adversarial.layers import Output


@dataclass(frozen=True)
class Objective:
    """Both sides' losses of one discriminator's scores."""

    discriminator: Callable[[Tensor, Tensor], Tensor]
    """The discriminator's, of its scores for recordings and for renderings."""
    generator: Callable[[Tensor], Tensor]
    """The generator's, of the scores for its renderings."""


OBJECTIVES = {
    "least-squares": Objective(
        discriminator=lambda recorded, rendered: (1 - recorded).square().mean() + rendered.square().mean(),
        generator=lambda rendered: (1 - rendered).square().mean(),
    ),
    "hinge": Objective(
        discriminator=lambda recorded, rendered: F.relu(1 - recorded).mean() + F.relu(1 + rendered).mean(),
        generator=lambda rendered: F.relu(1 - rendered).mean(),
    ),
}


def discriminator_loss(objective: Objective, recorded: Sequence[Output], rendered: Sequence[Output]) -> Tensor:
    """What the discriminators minimise."""
    pairs = zip(recorded, rendered, strict=True)
    return torch.stack([objective.discriminator(real[0].float(), fake[0].float()) for real, fake in pairs]).sum()


def generator_loss(objective: Objective, rendered: Sequence[Output]) -> Tensor:
    """The adversarial loss, which the generator minimises."""
    return torch.stack([objective.generator(scores.float()) for scores, _ in rendered]).sum()


def feature_matching(recorded: Sequence[Output], rendered: Sequence[Output], *, relative: bool = False) -> Tensor:
    """L1 of all layers' activations, the mean within a layer, the sum over layers; or relative to the recordings'."""
    distances = [
        _apart(real.detach().float(), fake.float(), relative)
        for (_, reals), (_, fakes) in zip(recorded, rendered, strict=True)
        for real, fake in zip(reals, fakes, strict=True)
    ]
    return torch.stack(distances).sum()


def _apart(real: Tensor, fake: Tensor, relative: bool) -> Tensor:
    apart = (real - fake).abs().mean()
    return apart / real.abs().mean().clamp_min(1e-6) if relative else apart
