"""Snake activations between an upsampler and a downsampler, so that their overtones alias less.

Ziyin, Hartwig and Ueda, "Neural networks fail to learn periodic functions and how to fix it" (2020), eq. 3; Lee et al.,
"BigVGAN" (2022), sections 3.1 and 3.2. Parameter names are those of the published checkpoints.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vocolab_bigvgan.config import BigVganConfig
from vocolab_bigvgan.filters import RATIO, TAPS, lowpass_taps

EPSILON = 1e-9
"""Added to the amplitude's divisor, as published."""


class Snake(nn.Module):
    """x + sin^2(alpha x) / beta, alpha and beta by channel; the plain kind has alpha in the place of beta."""

    beta: nn.Parameter | None

    def __init__(self, channels: int, config: BigVganConfig) -> None:
        super().__init__()
        self.logscale = config.snake_logscale
        start = torch.zeros(channels) if self.logscale else torch.ones(channels)
        self.alpha = nn.Parameter(start)
        self.beta = nn.Parameter(start.clone()) if config.activation == "snakebeta" else None

    def parameters_by_channel(self) -> tuple[Tensor, Tensor]:
        """Alpha, and what the sine's square is divided by; each (channels,)."""
        alpha, beta = self.alpha, self.alpha if self.beta is None else self.beta
        return (alpha.exp(), beta.exp() + EPSILON) if self.logscale else (alpha, beta + EPSILON)

    def forward(self, x: Tensor) -> Tensor:
        """(batch, channels, time) to the same."""
        alpha, divisor = (value[:, None] for value in self.parameters_by_channel())
        return x + torch.sin(alpha * x) ** 2 / divisor


class AntiAliasedSnake(nn.Module):
    """Twice the rate, the snake, the rate again; beyond its ends a sequence goes on as it ends."""

    taps: Tensor

    def __init__(self, channels: int, config: BigVganConfig) -> None:
        super().__init__()
        self.channels = channels
        self.act = Snake(channels, config)
        self.register_buffer("taps", torch.from_numpy(lowpass_taps()).float()[None, None], persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        """(batch, channels, time) to the same."""
        kernel = self.taps.expand(self.channels, 1, TAPS)
        beyond, cut = TAPS // RATIO - 1, TAPS + RATIO + 1
        x = F.pad(x, (beyond, beyond), mode="replicate")
        x = RATIO * F.conv_transpose1d(x, kernel, stride=RATIO, groups=self.channels)[..., cut:-cut]
        x = F.pad(self.act(x), (TAPS // 2 - 1, TAPS // 2), mode="replicate")
        return F.conv1d(x, kernel, stride=RATIO, groups=self.channels)
