"""What the coupling networks are told about the mel: one vector a group of samples."""

from __future__ import annotations

import math

from torch import Tensor, nn
from torch.nn import functional as F

from vocolab_waveglow.sizes import MEL_KERNEL_FRAMES


class Upsampling(nn.ConvTranspose1d):
    """A transposed convolution from frames to groups of steps; what reaches beyond the last frame's hop is cut off."""

    def __init__(self, channels: int, kernel_steps: int, stride_steps: int, group_steps: int) -> None:
        super().__init__(channels, channels, kernel_steps, stride=stride_steps)
        self.stride_steps, self.group_steps = stride_steps, group_steps
        self.frames_back = math.ceil(kernel_steps / stride_steps) - 1

    def forward(self, frames: Tensor) -> Tensor:  # type: ignore[override]
        """(batch, channels, frames) to (batch, channels * group_steps, groups); a channel's steps stand together."""
        batch, channels, n_frames = frames.shape
        steps = F.conv_transpose1d(frames, self.weight, self.bias, stride=self.stride)
        kept = steps[..., : n_frames * self.stride_steps]
        grouped = kept.reshape(batch, channels, -1, self.group_steps).transpose(2, 3)  # (B, C, G, S) -> (B, C, S, G)
        return grouped.reshape(batch, channels * self.group_steps, -1)


class MelNetwork(nn.Module):
    """A few convolutions at the frame rate, where they cost little: what a small voice hears of its mel."""

    def __init__(self, n_mels: int, width: int, n_layers: int) -> None:
        super().__init__()
        self.project = nn.Conv1d(n_mels, width, 1)
        self.layers = nn.ModuleList(
            nn.Conv1d(width, width, MEL_KERNEL_FRAMES, padding=MEL_KERNEL_FRAMES // 2) for _ in range(n_layers)
        )

    def forward(self, mel: Tensor) -> Tensor:
        """(batch, n_mels, frames) to (batch, width, frames)."""
        x: Tensor = self.project(mel)
        for layer in self.layers:
            x = x + layer(F.gelu(x))
        return x
