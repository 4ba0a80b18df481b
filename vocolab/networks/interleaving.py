"""Transposed convolutions as plain ones whose outputs are interleaved: for engines, whose plain ones are faster.

A transposed convolution by `rate` gives output `t * rate + r` from few steps around `t`, the same ones for all `t`:
that is a convolution to `rate` times as many channels, the channels of one step being `rate` steps of the result.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


class InterleavedUpsampling(nn.Module):
    """What a `ConvTranspose1d` gives that makes `rate` times as many steps; for inference."""

    def __init__(self, up: nn.ConvTranspose1d) -> None:
        super().__init__()
        wide, self.channels, kernel = up.weight.shape
        (self.rate,), padding = up.stride, int(up.padding[0])
        before, after = reach(up)
        self.conv = nn.Conv1d(wide, self.rate * self.channels, before + after + 1, padding=before)
        weight = torch.zeros(self.rate, self.channels, wide, before + after + 1)
        for phase in range(self.rate):
            for step in range(-before, after + 1):
                tap = phase + padding - step * self.rate
                if 0 <= tap < kernel:
                    weight[phase, :, :, step + before] = up.weight.detach()[:, :, tap].T
        self.conv.weight.data = weight.flatten(0, 1)
        bias = torch.zeros(self.channels) if up.bias is None else up.bias.detach()
        self.conv.bias.data = bias.repeat(self.rate)  # type: ignore[union-attr]  # it has one

    def forward(self, x: Tensor) -> Tensor:
        """(batch, wide, time) to (batch, channels, rate * time)."""
        made = self.conv(x)
        phases = made.reshape(made.shape[0], self.rate, self.channels, -1)
        steps: Tensor = phases.permute(0, 2, 3, 1).reshape(made.shape[0], self.channels, -1)
        return steps


def reach(up: nn.ConvTranspose1d) -> tuple[int, int]:
    """Steps before and after its own that an output of a transposed convolution depends on, at most."""
    kernel, rate, padding = up.kernel_size[0], up.stride[0], int(up.padding[0])
    return (kernel - 1 - padding) // rate, (rate - 1 + padding) // rate


def with_interleaved_upsampling(network: nn.Module) -> nn.Module:
    """`network`, every transposed convolution in it replaced that makes `rate` times as many steps."""
    for name, child in list(network.named_children()):
        if isinstance(child, nn.ConvTranspose1d):
            if _fits(child):
                setattr(network, name, InterleavedUpsampling(child))
        else:
            with_interleaved_upsampling(child)
    return network


def _fits(up: nn.ConvTranspose1d) -> bool:
    """Whether the result has exactly `rate` steps for each, and reaches as far on both sides."""
    kernel, rate, padding, more = up.kernel_size[0], up.stride[0], int(up.padding[0]), up.output_padding[0]
    before, after = reach(up)
    return up.groups == 1 and up.dilation[0] == 1 and before == after and kernel - 2 * padding + more == rate
