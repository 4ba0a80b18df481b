"""F0 and voicing read from a mel."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vocolab_harmonic.config import HarmonicConfig
from vocolab_harmonic.sizes import (
    AROUND_BINS,
    DILATIONS,
    HORIZON_AHEAD_FRAMES,
    HORIZON_FRAMES,
    JUMP_NATS,
    STEP_BINS,
    VOICED,
)
from vocolab_harmonic.sizes import PITCH_FIRST_KERNEL as FIRST_KERNEL
from vocolab_harmonic.sizes import PITCH_KERNEL as KERNEL

_DEVIATION = 0.02
"""Of a target, in nats of F0."""


class Block(nn.Module):
    """A dilated convolution, added to its input; frames are normalised one by one, so that chunks stay exact.

    `ahead` of its taps come after the frame.
    """

    def __init__(self, channels: int, dilation: int, ahead: int) -> None:
        super().__init__()
        self.ahead = ahead
        self.norm = nn.LayerNorm(channels, eps=1e-6)
        self.conv = nn.Conv1d(channels, channels, KERNEL, dilation=dilation)
        self.out = nn.Conv1d(channels, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        """(batch, frames, channels) to the same."""
        return x + convolved(F.gelu(convolved(self.norm(x), self.conv, self.ahead)), self.out)


def convolved(x: Tensor, conv: nn.Conv1d, ahead: int = 0) -> Tensor:
    """`conv` of (batch, frames, channels), zeros beyond the ends, as one product; `ahead` taps come after a frame.

    For a single sequence on a single thread torch's own kernels take three times as long.
    """
    dilation, (kernel,), frames = conv.dilation[0], conv.kernel_size, x.shape[1]
    padded = F.pad(x, (0, 0, (kernel - 1 - ahead) * dilation, ahead * dilation))
    taps = [padded[:, tap * dilation : tap * dilation + frames] for tap in range(kernel)]
    return F.linear(torch.cat(taps, dim=2), conv.weight.transpose(1, 2).flatten(1), conv.bias)


class PitchNetwork(nn.Module):
    """A mel to the logits of F0 and of voicing, (batch, bins + 1, frames)."""

    bins: Tensor

    def __init__(self, n_mels: int, config: HarmonicConfig) -> None:
        super().__init__()
        channels = config.pitch_channels
        self.first = nn.Conv1d(n_mels, channels, FIRST_KERNEL)
        self.blocks = nn.ModuleList(Block(channels, dilation, config.pitch_ahead) for dilation in DILATIONS)
        self.last = nn.Conv1d(channels, config.pitch_bins + 1, 1)
        # By NumPy: torch's own linspace, asked on the meta device, loads sympy, which takes a second.
        bins = np.linspace(math.log(config.lowest_hz), math.log(config.highest_hz), config.pitch_bins, dtype=np.float32)
        self.register_buffer("bins", torch.from_numpy(bins), persistent=False)

    def forward(self, mel: Tensor) -> Tensor:
        """(batch, n_mels, frames), centred, to (batch, bins + 1, frames)."""
        x = convolved(mel.transpose(1, 2), self.first, FIRST_KERNEL // 2)
        for block in self.blocks:
            x = block(x)
        return convolved(x, self.last).transpose(1, 2)

    def f0_hz(self, mel: Tensor) -> Tensor:
        """F0 of every frame, (batch, frames), 0 where unvoiced: the mean of the bins around the best path's."""
        logits = self(mel)
        voiced = logits[:, -1].sigmoid()
        best = along_paths(logits[:, :-1].log_softmax(1) * voiced[:, None]).argmax(1)
        around = torch.arange(2 * AROUND_BINS + 1, device=mel.device)[None, :, None]
        index = (best - AROUND_BINS).clamp(0, len(self.bins) - 2 * AROUND_BINS - 1)[:, None] + around
        weight = logits[:, :-1].gather(1, index).softmax(1)
        f0 = (weight * self.bins[index]).sum(1).exp()
        return torch.where(voiced > VOICED, f0, torch.zeros_like(f0))

    def loss(self, mel: Tensor, f0_hz: Tensor) -> Tensor:
        """Cross entropy with a Gaussian around the log of F0 (batch, frames), 0 where unvoiced, and that of voicing."""
        logits, voiced = self(mel), (f0_hz > 0).float()
        apart = (self.bins[None, :, None] - f0_hz.clamp_min(1).log()[:, None]) / _DEVIATION
        target = torch.exp(-0.5 * apart**2)
        target = target / target.sum(1, keepdim=True).clamp_min(1e-9)
        entropy = -(target * logits[:, :-1].log_softmax(1)).sum(1)
        pitch = (entropy * voiced).sum() / voiced.sum().clamp_min(1)
        return pitch + F.binary_cross_entropy_with_logits(logits[:, -1], voiced)


def along_paths(scores: Tensor) -> Tensor:
    """For every bin the score of the best path through it, (batch, bins, frames) as the scores of single frames.

    Viterbi's algorithm, cut off at `HORIZON_FRAMES` before a frame and `HORIZON_AHEAD_FRAMES` after it: a path is
    long enough to pass over a frame that errs by an octave or hears another of several voices, and a frame depends
    on near frames alone.
    """
    return scores + _before(scores, HORIZON_FRAMES) + _before(scores.flip(2), HORIZON_AHEAD_FRAMES).flip(2)


def _before(scores: Tensor, horizon_frames: int) -> Tensor:
    """The score of the best path that leads to every bin, without its own."""
    before = torch.zeros_like(scores)
    for _ in range(horizon_frames):
        before = F.pad(_moved(before + scores), (1, 0))[..., :-1]
    return before


def _moved(scores: Tensor) -> Tensor:
    """The best score from which each bin can be reached within one frame."""
    padded = F.pad(scores, (0, 0, STEP_BINS, STEP_BINS), value=-1e9)
    width, near = 1, padded
    while width < 2 * STEP_BINS + 1:  # a maximum of twice as many bins from two maxima
        further = min(width, 2 * STEP_BINS + 1 - width)
        near = torch.maximum(near[:, :-further], near[:, further:])
        width += further
    return torch.maximum(near, scores.amax(1, keepdim=True) - JUMP_NATS)
