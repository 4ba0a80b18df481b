"""Faster 1-D convolutions on the CPU: the same numbers from a memory layout that its kernels like better.

torch has channels-last kernels for images only. A sequence (batch, channels, time) is an image one row high; with its
channels innermost in memory, convolutions of HiFi-GAN's kind run faster (`benchmarks/speed.py` says by how much), equal
to rounding. Everything between them works elementwise and keeps the layout.
"""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn
from torch import channels_last as layout


class RowConvolution(nn.Module):
    """A `Conv1d` or `ConvTranspose1d` as the 2-D convolution of an image one row high; for inference."""

    def __init__(self, conv: nn.Conv1d | nn.ConvTranspose1d) -> None:
        super().__init__()
        assert not isinstance(conv.padding, str)  # the networks state their padding in samples
        sizes: dict[str, Any] = {
            "kernel_size": (1, conv.kernel_size[0]), "stride": (1, conv.stride[0]), "padding": (0, conv.padding[0]),
            "dilation": (1, conv.dilation[0]), "groups": conv.groups, "bias": conv.bias is not None,
            "padding_mode": conv.padding_mode,
        }
        self.conv: nn.Conv2d | nn.ConvTranspose2d
        if isinstance(conv, nn.ConvTranspose1d):
            output_padding = (0, conv.output_padding[0])
            self.conv = nn.ConvTranspose2d(conv.in_channels, conv.out_channels, output_padding=output_padding, **sizes)
        else:
            self.conv = nn.Conv2d(conv.in_channels, conv.out_channels, **sizes)
        self.conv.weight.data = conv.weight.detach().unsqueeze(2).contiguous(memory_format=layout)
        if conv.bias is not None and self.conv.bias is not None:
            self.conv.bias.data = conv.bias.detach()

    def forward(self, x: Tensor) -> Tensor:
        """(batch, channels, time) to what the 1-D convolution gives."""
        row: Tensor = self.conv(x.unsqueeze(2).contiguous(memory_format=layout))
        return row.squeeze(2)


def with_row_convolutions(network: nn.Module) -> nn.Module:
    """`network`, every 1-D convolution in it replaced; its parameters have other names then."""
    for name, child in list(network.named_children()):
        if isinstance(child, nn.Conv1d | nn.ConvTranspose1d):
            setattr(network, name, RowConvolution(child))
        else:
            with_row_convolutions(child)
    return network
