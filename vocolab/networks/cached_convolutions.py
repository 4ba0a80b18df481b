"""Convolutions that raise the rate, over a stream: each layer keeps what its next values need and computes none twice.

Values are rows of an image, (1, channels, 1, time), as `vocolab.networks.channels_last` has them. What comes out is
late by what the layers look ahead; beyond both ends each finds zeros, as its padding has it. Imports torch.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import torch
from torch import Tensor, nn
from torch import channels_last as layout
from torch.nn import functional as F


class Layer(Protocol):
    """Takes the next values and gives those that are certain."""

    def push(self, x: Tensor, *, last: bool) -> Tensor:
        """(1, channels, 1, time) to the same of another length, 0 too; with `last`, all that are left."""
        ...


class Pointwise:
    """A function of each value alone."""

    def __init__(self, function: Callable[[Tensor], Tensor]) -> None:
        self._function = function

    def push(self, x: Tensor, *, last: bool) -> Tensor:
        """The function of each."""
        return self._function(x)


class Chained:
    """Layers one after the other."""

    def __init__(self, layers: Sequence[Layer]) -> None:
        self._layers = list(layers)

    def push(self, x: Tensor, *, last: bool) -> Tensor:
        """What the last layer gives."""
        for layer in self._layers:
            x = layer.push(x, last=last)
        return x


class Convolution:
    """A convolution that keeps the length, padded with zeros."""

    def __init__(self, conv: nn.Conv2d) -> None:
        self._conv = conv
        self._reach = conv.dilation[1] * (conv.kernel_size[1] - 1) // 2
        self._kept = conv.weight.new_zeros(1, conv.in_channels, 1, self._reach)

    def push(self, x: Tensor, *, last: bool) -> Tensor:
        """The values whose neighbours on both sides are there."""
        joined = torch.cat([self._kept, x], dim=3)
        if last:
            joined = F.pad(joined, (0, self._reach))
        time = joined.shape[3] - 2 * self._reach
        self._kept = joined[..., max(0, time) :].clone()  # a view would keep all of it
        if time <= 0:
            return joined.new_zeros(1, self._conv.out_channels, 1, 0)
        joined = joined.contiguous(memory_format=layout)
        return F.conv2d(joined, self._conv.weight, self._conv.bias, dilation=self._conv.dilation)


class Upsampling:
    """A transposed convolution to `stride` times as many values; what values add to later ones is carried on."""

    def __init__(self, conv: nn.ConvTranspose2d) -> None:
        assert not isinstance(conv.padding, str)
        self._conv, self._stride, self._padding = conv, conv.stride[1], conv.padding[1]
        self._kept = conv.weight.new_zeros(1, conv.out_channels, 1, conv.kernel_size[1] - self._stride)
        self._left = self._padding

    def push(self, x: Tensor, *, last: bool) -> Tensor:
        """The values that no later one adds to."""
        conv, time = self._conv, x.shape[3] * self._stride
        total = self._kept
        if time:
            x = x.contiguous(memory_format=layout)
            total = F.conv_transpose2d(x, conv.weight, stride=conv.stride)
            total[..., : self._kept.shape[3]] += self._kept
        ready = total.shape[3] - self._padding if last else time
        self._kept = total[..., ready:].clone()
        skipped = min(self._left, ready)
        self._left -= skipped
        y = total[..., skipped:ready]
        return y if conv.bias is None else y + conv.bias[:, None, None]


class Sum:
    """What several layers make of the same values, added up; `values_too`: and the values themselves."""

    def __init__(self, layers: Sequence[Layer], *, values_too: bool = False) -> None:
        self._layers: list[Layer] = [*layers, *([Pointwise(lambda x: x)] if values_too else [])]
        self._waiting: list[Tensor | None] = [None] * len(self._layers)

    def push(self, x: Tensor, *, last: bool) -> Tensor:
        """The values that every layer has given."""
        given = [layer.push(x, last=last) for layer in self._layers]
        known = [new if kept is None else torch.cat([kept, new], dim=3)
                 for kept, new in zip(self._waiting, given, strict=True)]
        time = min(one.shape[3] for one in known)
        self._waiting = [one[..., time:].clone() for one in known]
        total = known[0][..., :time]
        for one in known[1:]:
            total = total + one[..., :time]
        return total
