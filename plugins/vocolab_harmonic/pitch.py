"""F0 and voicing read from a mel."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vocolab_harmonic.config import HarmonicConfig

DILATIONS = (1, 2, 4, 2, 1)
KERNEL, FIRST_KERNEL = 5, 3
_AROUND = 3
"""Bins on either side of the best one that are averaged."""
_DEVIATION = 0.02
"""Of a target, in nats of F0."""


class Block(nn.Module):
    """A dilated convolution, added to its input; frames are normalised one by one, so that chunks stay exact."""

    def __init__(self, channels: int, dilation: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(channels, eps=1e-6)
        self.conv = nn.Conv1d(channels, channels, KERNEL, padding=KERNEL // 2 * dilation, dilation=dilation)
        self.out = nn.Conv1d(channels, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        """(batch, channels, frames) to the same."""
        y = self.norm(x.transpose(1, 2)).transpose(1, 2)
        return x + self.out(F.gelu(self.conv(y)))  # type: ignore[no-any-return]


class PitchNetwork(nn.Module):
    """A mel to the logits of F0 and of voicing, (batch, bins + 1, frames)."""

    bins: Tensor

    def __init__(self, n_mels: int, config: HarmonicConfig) -> None:
        super().__init__()
        channels = config.pitch_channels
        self.first = nn.Conv1d(n_mels, channels, FIRST_KERNEL, padding=FIRST_KERNEL // 2)
        self.blocks = nn.ModuleList(Block(channels, dilation) for dilation in DILATIONS)
        self.last = nn.Conv1d(channels, config.pitch_bins + 1, 1)
        bins = torch.linspace(math.log(config.lowest_hz), math.log(config.highest_hz), config.pitch_bins)
        self.register_buffer("bins", bins, persistent=False)

    def forward(self, mel: Tensor) -> Tensor:
        """(batch, n_mels, frames), centred, to (batch, bins + 1, frames)."""
        x = self.first(mel)
        for block in self.blocks:
            x = block(x)
        return self.last(x)  # type: ignore[no-any-return]

    def f0_hz(self, mel: Tensor) -> Tensor:
        """F0 of every frame, (batch, frames), 0 where unvoiced: the mean of the bins around the likeliest one."""
        logits = self(mel)
        likely = logits[:, :-1].softmax(1)
        around = torch.arange(2 * _AROUND + 1, device=mel.device)[None, :, None]
        index = (likely.argmax(1) - _AROUND).clamp(0, len(self.bins) - 2 * _AROUND - 1)[:, None] + around
        weight = likely.gather(1, index)
        f0 = ((weight * self.bins[index]).sum(1) / weight.sum(1)).exp()
        return torch.where(logits[:, -1] > 0, f0, torch.zeros_like(f0))

    def loss(self, mel: Tensor, f0_hz: Tensor) -> Tensor:
        """Cross entropy with a Gaussian around the log of F0 (batch, frames), 0 where unvoiced, and that of voicing."""
        logits, voiced = self(mel), (f0_hz > 0).float()
        apart = (self.bins[None, :, None] - f0_hz.clamp_min(1).log()[:, None]) / _DEVIATION
        target = torch.exp(-0.5 * apart**2)
        target = target / target.sum(1, keepdim=True).clamp_min(1e-9)
        entropy = -(target * logits[:, :-1].log_softmax(1)).sum(1)
        pitch = (entropy * voiced).sum() / voiced.sum().clamp_min(1)
        return pitch + F.binary_cross_entropy_with_logits(logits[:, -1], voiced)
