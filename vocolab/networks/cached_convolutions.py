"""Convolutions that raise the rate, over a stream: each layer keeps what its next values need and computes none twice.

Values are rows (time, channels). What comes out is late by what the layers look ahead; beyond both ends each finds
zeros, as its padding has it. Imports torch.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import torch
from torch import Tensor, nn
from torch import channels_last as layout
from torch.nn import functional as F

from vocolab.networks.cached import rows_from

_FEW_ROWS = 160
"""Up to so many a product of what each row sees is faster than a convolution, which puts its weights in order at each
call: 76 us instead of 233 for 32 rows of 128 channels and 7 taps, 290 instead of 482 for 128, 1,703 instead of 918 for
512."""


class Layer(Protocol):
    """Takes the next values and gives those that are certain."""

    def push(self, x: Tensor, *, last: bool) -> Tensor:
        """(time, channels) to the same of another length, 0 too; with `last`, all that are left."""
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
    """A convolution that keeps the length, padded with zeros.

    Args:
        conv: The convolution, of an image one row high.
        slope: Of the leaky rectifier before it; 1: none is there.
    """

    def __init__(self, conv: nn.Conv2d, slope: float = 1.0) -> None:
        self._conv, self._taps, self._dilation, self._slope = conv, conv.kernel_size[1], conv.dilation[1], slope
        self._reach = self._dilation * (self._taps - 1) // 2
        self._product = conv.weight[:, :, 0].transpose(1, 2).flatten(1)  # (out, taps * in)
        self._kept = conv.weight.new_zeros(self._reach, conv.in_channels)

    def push(self, x: Tensor, *, last: bool) -> Tensor:
        """The values whose neighbours on both sides are there."""
        if self._slope != 1.0:
            x = F.leaky_relu(x, self._slope)
        joined = torch.cat([self._kept, x])
        if last:
            joined = F.pad(joined, (0, 0, 0, self._reach))
        time = max(0, joined.shape[0] - 2 * self._reach)
        self._kept = rows_from(joined, time)
        return self._few(joined, time) if time <= _FEW_ROWS else self._many(joined)

    def _few(self, joined: Tensor, time: int) -> Tensor:
        width = joined.shape[1]
        seen = joined.as_strided((time, self._taps, width), (width, self._dilation * width, 1))
        return F.linear(seen.flatten(1), self._product, self._conv.bias)

    def _many(self, joined: Tensor) -> Tensor:
        conv = self._conv
        return _rows(F.conv2d(_image(joined), conv.weight, conv.bias, dilation=conv.dilation))


class Upsampling:
    """A transposed convolution to `stride` times as many values; what values add to later ones is carried on."""

    def __init__(self, conv: nn.ConvTranspose2d) -> None:
        assert not isinstance(conv.padding, str)
        self._conv, self._stride, self._padding = conv, conv.stride[1], conv.padding[1]
        self._kept = conv.weight.new_zeros(conv.kernel_size[1] - self._stride, conv.out_channels)
        self._left = self._padding

    def push(self, x: Tensor, *, last: bool) -> Tensor:
        """The values that no later one adds to."""
        conv, time = self._conv, len(x) * self._stride
        total = self._kept
        if time:
            total = _rows(F.conv_transpose2d(_image(x), conv.weight, stride=conv.stride))
            total[: len(self._kept)] += self._kept
        ready = len(total) - self._padding if last else time
        self._kept = total[ready:].clone()
        skipped = min(self._left, ready)
        self._left -= skipped
        y = total[skipped:ready]
        return y if conv.bias is None else y + conv.bias


class Residual:
    """What convolutions make of values, one after the other, added to the values."""

    def __init__(self, layers: Sequence[Convolution]) -> None:
        self._layers = list(layers)
        self._waiting: Tensor | None = None

    def push(self, x: Tensor, *, last: bool) -> Tensor:
        """The values that the convolutions have given, and their own added."""
        waiting = _joined(self._waiting, x)
        for layer in self._layers:
            x = layer.push(x, last=last)
        time = x.shape[0]
        self._waiting = rows_from(waiting, time)
        return waiting[:time] + x


class Sum:
    """What several layers make of the same values, added up."""

    def __init__(self, layers: Sequence[Layer]) -> None:
        self._layers = list(layers)
        self._waiting: list[Tensor | None] = [None] * len(self._layers)

    def push(self, x: Tensor, *, last: bool) -> Tensor:
        """The values that every layer has given."""
        known = [_joined(kept, layer.push(x, last=last))
                 for kept, layer in zip(self._waiting, self._layers, strict=True)]
        time = min(one.shape[0] for one in known)
        self._waiting = [rows_from(one, time) if one.shape[0] > time else None for one in known]
        total = known[0][:time]
        for one in known[1:]:
            total = total + one[:time]
        return total


def _joined(kept: Tensor | None, new: Tensor) -> Tensor:
    return new if kept is None else torch.cat([kept, new])


def _image(rows: Tensor) -> Tensor:
    """Rows as an image one row high, its channels innermost in memory, as `vocolab.networks.channels_last` has them."""
    return rows.t()[None, :, None].contiguous(memory_format=layout)


def _rows(image: Tensor) -> Tensor:
    return image[0, :, 0].t()
