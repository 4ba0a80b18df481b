"""The network: how well each sound of a language explains each frame of a mel.

It is a classifier of frames, y = p(sound | frame), and what an alignment asks for is p(frame | sound): by Bayes, up to
a factor of the frame alone, y / p(sound), with p(sound) the share of frames that the network gives to that sound.
Without this division a network that learns from sums over all placements gives most frames to the commonest sounds, and
does not find the boundaries.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from vocolab_aligner.config import AlignerConfig

_SPREAD = 2.0
"""Of a mel of natural logarithms, about."""
_RARE = 1e-4
"""No sound counts as rarer than this."""


class AlignerNetwork(nn.Module):
    """Scaled log-likelihoods of tokens in frames."""

    share: Tensor

    def __init__(self, config: AlignerConfig, units: int, n_mels: int) -> None:
        super().__init__()
        width = config.channels
        self.blocks = nn.ModuleList(
            _Block(n_mels if number == 0 else width, width, config.kernel) for number in range(config.blocks)
        )
        self.out = nn.Conv1d(width, units, 1)
        self.register_buffer("share", torch.full((units,), 1 / units))
        self._keep = config.share_decay

    def forward(self, mel: Tensor, frames: Tensor, units: Tensor) -> Tensor:
        """log p(unit | frame) - log p(unit) of each token's unit, (batch, frames, tokens).

        In training mode the shares p(unit) follow the batches.

        Args:
            mel: (batch, n_mels, frames), each band's mean over its clip taken off.
            frames: How many of them are a clip's own, (batch,).
            units: Numbers of what is said, (batch, tokens).
        """
        inside = (torch.arange(mel.shape[2], device=mel.device)[None] < frames[:, None])[:, None].to(mel.dtype)
        x = mel / _SPREAD * inside
        for block in self.blocks:
            x = block(x, inside)
        log_p = functional.log_softmax(self.out(x), 1)
        if self.training:
            self._follow(log_p, inside)
        scaled = log_p - (self.share + _RARE).log()[:, None]
        return scaled.transpose(1, 2).gather(2, units[:, None].expand(-1, mel.shape[2], -1))

    @torch.no_grad()
    def _follow(self, log_p: Tensor, inside: Tensor) -> None:
        now = (log_p.exp() * inside).sum((0, 2)) / inside.sum()
        self.share.lerp_(now.to(self.share), 1 - self._keep)


class _Block(nn.Module):
    """Convolution over time, normalisation, and a residual where widths agree."""

    def __init__(self, before: int, after: int, kernel: int) -> None:
        super().__init__()
        self.convolution = nn.Conv1d(before, after, kernel, padding=kernel // 2)
        self.norm = nn.LayerNorm(after)
        self.mixed = nn.Conv1d(after, after, 1)
        self.residual = before == after

    def forward(self, x: Tensor, inside: Tensor) -> Tensor:
        """(batch, before, frames) to (batch, after, frames)."""
        h = self.norm(self.convolution(x).transpose(1, 2)).transpose(1, 2)
        h = self.mixed(functional.gelu(h))
        return (x + h if self.residual else h) * inside
