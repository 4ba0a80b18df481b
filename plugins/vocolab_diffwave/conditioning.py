"""What the network is told: the mel at its own rate, and the step of the diffusion."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vocolab_diffwave.shapes import (
    ENCODER_CONTEXT_FRAMES,
    ENCODER_KERNEL,
    STEP_FEATURES,
    UPSAMPLER_CONTEXT_FRAMES,
    factor_pair,
    stage_kernel,
)

_SLOPE = 0.4
_TABLE_COLUMNS = STEP_FEATURES // 2


class SpectrogramUpsampler(nn.Module):
    """Mel frames to samples, by two transposed convolutions over bands and time; published for hops of 256."""

    context_frames = UPSAMPLER_CONTEXT_FRAMES

    def __init__(self, hop_samples: int) -> None:
        super().__init__()
        first, second = factor_pair(hop_samples)
        self.conv1, self.conv2 = _stretch(first), _stretch(second)

    def forward(self, mel: Tensor) -> Tensor:
        """(batch, n_mels, frames) to (batch, n_mels, frames * hop_samples)."""
        x = F.leaky_relu(self.conv1(mel.unsqueeze(1)), _SLOPE)
        return F.leaky_relu(self.conv2(x), _SLOPE).squeeze(1)


def _stretch(factor: int) -> nn.ConvTranspose2d:
    kernel = stage_kernel(factor)
    return nn.ConvTranspose2d(1, 1, (3, kernel), stride=(1, factor), padding=(1, (kernel - factor) // 2))


class FrameEncoder(nn.Module):
    """Mel frames to groups of samples: two convolutions at the frame rate, the second of which gives all groups."""

    context_frames = ENCODER_CONTEXT_FRAMES

    def __init__(self, n_mels: int, channels: int, groups_a_frame: int) -> None:
        super().__init__()
        self.groups_a_frame = groups_a_frame
        self.conv1 = nn.Conv1d(n_mels, channels, ENCODER_KERNEL, padding=ENCODER_KERNEL // 2)
        self.conv2 = nn.Conv1d(channels, channels * groups_a_frame, ENCODER_KERNEL, padding=ENCODER_KERNEL // 2)

    def forward(self, mel: Tensor) -> Tensor:
        """(batch, n_mels, frames) to (batch, channels, frames * groups_a_frame)."""
        x = F.silu(self.conv2(F.silu(self.conv1(mel))))
        batch, channels, frames = x.shape
        groups = x.reshape(batch, channels // self.groups_a_frame, self.groups_a_frame, frames)
        return groups.transpose(2, 3).reshape(batch, -1, frames * self.groups_a_frame)  # (B, C, r, T) -> (B, C, T r)


class StepEmbedding(nn.Module):
    """A step, fractions allowed, to a vector: sines and cosines of many rates, then two layers.

    Between two steps the rows of the table are mixed linearly, as published for the fast schedule.
    """

    table: Tensor

    def __init__(self, steps: int, channels: int) -> None:
        super().__init__()
        # On the CPU also where shapes are checked on `meta`: there, torch would load its compiler for a range.
        rates = 10.0 ** (torch.arange(_TABLE_COLUMNS, device="cpu") * 4.0 / (_TABLE_COLUMNS - 1))
        angles = torch.arange(steps, device="cpu").unsqueeze(1) * rates
        self.register_buffer("table", torch.cat([angles.sin(), angles.cos()], dim=1), persistent=False)
        self.projection1 = nn.Linear(STEP_FEATURES, channels)
        self.projection2 = nn.Linear(channels, channels)

    def forward(self, step: Tensor) -> Tensor:
        """(batch,) steps from 0 on to (batch, channels)."""
        low = step.floor().long()
        below, above = self.table[low], self.table[step.ceil().long()]
        mixed = below + (above - below) * (step - low).unsqueeze(1)
        return F.silu(self.projection2(F.silu(self.projection1(mixed))))
