"""A ConvNeXt backbone at the frame rate, as Vocos has it. Imports torch.

Siuzdak, "Vocos: Closing the gap between time-domain and Fourier-based neural vocoders" (2023). Parameter names are
those of the published checkpoints.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from vocolab.networks.sizes import CONVNEXT_KERNEL as KERNEL


class ConvNeXtBlock(nn.Module):
    """Depthwise convolution over time, then a two-layer perceptron a frame, scaled and added to the input."""

    def __init__(self, dim: int, intermediate_dim: int, initial_scale: float) -> None:
        super().__init__()
        self.dwconv = nn.Conv1d(dim, dim, KERNEL, padding=KERNEL // 2, groups=dim)
        self.norm = nn.LayerNorm(dim, eps=1e-6)
        self.pwconv1 = nn.Linear(dim, intermediate_dim)
        self.act = nn.GELU()
        self.pwconv2 = nn.Linear(intermediate_dim, dim)
        self.gamma = nn.Parameter(torch.full((dim,), initial_scale))

    def forward(self, x: Tensor) -> Tensor:
        """(batch, dim, frames) to the same."""
        y: Tensor = self.dwconv(x).transpose(1, 2)  # (B, C, T) -> (B, T, C)
        y = self.gamma * self.pwconv2(self.act(self.pwconv1(self.norm(y))))
        return x + y.transpose(1, 2)  # (B, T, C) -> (B, C, T)


class Backbone(nn.Module):
    """Frames of a mel, or of a mel and more, to frames of features; all work happens at the frame rate."""

    def __init__(self, channels: int, dim: int, intermediate_dim: int, num_layers: int) -> None:
        super().__init__()
        self.embed = nn.Conv1d(channels, dim, KERNEL, padding=KERNEL // 2)
        self.norm = nn.LayerNorm(dim, eps=1e-6)
        self.convnext = nn.ModuleList(
            ConvNeXtBlock(dim, intermediate_dim, 1 / num_layers) for _ in range(num_layers)
        )
        self.final_layer_norm = nn.LayerNorm(dim, eps=1e-6)

    def forward(self, x: Tensor) -> Tensor:
        """(batch, channels, frames) to (batch, frames, dim)."""
        x = self.norm(self.embed(x).transpose(1, 2)).transpose(1, 2)
        for block in self.convnext:
            x = block(x)
        return self.final_layer_norm(x.transpose(1, 2))  # type: ignore[no-any-return]


def initialise(network: nn.Module) -> None:
    """Published initial weights: normal with a deviation of 0.02, cut at two, biases zero."""
    for module in network.modules():
        if isinstance(module, nn.Conv1d | nn.Linear):
            nn.init.trunc_normal_(module.weight, std=0.02)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
