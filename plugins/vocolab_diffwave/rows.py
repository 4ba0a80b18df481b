"""The network on a CPU: a row for each position, in pieces that stay in a processor's cache.

What `network.DiffWave` computes, for one mel and without gradients. A dilated convolution is one product with its taps
side by side, to which what the layer is told of the mel is added as it is made; its gate and the product after it
follow before the next rows are looked at. As modules of their own each of these read and wrote the whole signal:
together they took twice the time.

A gate is sigmoid(a) tanh(b), and torch's tanh takes six times as long as its sigmoid. With s = sigmoid(2 b)

    sigmoid(a) tanh(b) = sigmoid(a) (2 s - 1) = -(sigmoid(a) - 2 sigmoid(a) s)

so that products give 2 b, one sigmoid is taken of both halves, and what comes after the gate has the other sign.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vocolab_diffwave.network import DiffWave, ResidualLayer
from vocolab_diffwave.shapes import dilations

TILE_ROWS = 512
"""Of 64 channels, with their taps and gates, about a megabyte."""


class Told(NamedTuple):
    """What a layer is told, for the rows at hand."""

    values: Tensor
    is_projected: bool
    """Whether it is what `RowLayer.condition` made of the upsampled mel, (rows, 2 width), and not that itself."""


class RowLayer(NamedTuple):
    """The weights of a `ResidualLayer` as its products read them."""

    layer: ResidualLayer
    dilation: int
    taps: Tensor
    """(3 width, 2 width); of this and the next two the second half is doubled."""
    bias: Tensor
    """(2 width,), which is added to what the layer is told."""
    told: Tensor
    """(bands, 2 width)"""
    out: Tensor
    """(width, 2 width) with the other sign, its first half divided by `scale`."""
    scale: float
    """What rows stand for is so many times what they are: each layer divides by the root of 2, and nothing has to."""

    @classmethod
    def of(cls, layer: ResidualLayer, dilation: int, index: int) -> RowLayer:
        """Those of a layer."""
        conv, told = layer.dilated_conv, layer.conditioner_projection
        assert conv.bias is not None and told.bias is not None
        taps = conv.weight.permute(2, 1, 0).flatten(0, 1).contiguous()  # (out, in, kernel) -> (kernel in, out)
        scale, out = 0.5 ** (index / 2), -_product(layer.output_projection)
        out[:, : out.shape[0]] /= scale
        made = taps, conv.bias + told.bias, _product(told)
        for part in made:
            part[..., out.shape[0] :] *= 2
        return cls(layer, dilation, *made, out, scale)

    def condition(self, mel: Tensor) -> Tensor:
        """What the layer is told of the upsampled mel (rows, bands), (rows, 2 width)."""
        return torch.addmm(self.bias, mel, self.told)

    def push_on(self, x: Tensor, total: Tensor, more: Tensor, told: Told, scratch: Scratch) -> None:
        """Move `x` (rows, width) to the next layer's input, and add this layer's share to `total`; both in place.

        `more` (width,) is added to all that `x` stands for first. What the last product adds to all rows is left out.
        """
        reach, (rows, width) = self.dilation, x.shape
        stepped = scratch.stepped(rows, reach)
        torch.add(more, x, alpha=self.scale, out=stepped[reach : reach + rows])
        for low in range(0, rows, TILE_ROWS):
            high = min(low + TILE_ROWS, rows)
            near, inner, gated, outer = scratch.tiles(high - low)
            torch.cat([stepped[low + tap * reach : high + tap * reach] for tap in range(3)], dim=1, out=near)
            torch.mm(near, self.taps, out=inner)
            if told.is_projected:
                inner += told.values[low:high]
            else:
                inner.addmm_(told.values[low:high], self.told).add_(self.bias)
            gate, signal = inner.sigmoid_().split(width, dim=1)
            torch.mm(torch.addcmul(gate, gate, signal, value=-2, out=gated), self.out, out=outer)
            x[low:high].add_(outer[:, :width])
            total[low:high].add_(outer[:, width:])


class Scratch:
    """Memory that all layers use in turn."""

    def __init__(self, rows: int, width: int, most_reach: int) -> None:
        self._stepped = torch.zeros(rows + 2 * most_reach, width)
        self._tiles = [torch.empty(TILE_ROWS, columns * width) for columns in (3, 2, 1, 2)]

    def stepped(self, rows: int, reach: int) -> Tensor:
        """(rows + 2 reach, width), of which the first and the last `reach` rows are zeros."""
        stepped = self._stepped[: rows + 2 * reach]
        stepped[:reach] = 0
        stepped[reach + rows :] = 0
        return stepped

    def tiles(self, rows: int) -> list[Tensor]:
        """Of so many rows: taps (3 width), what their product makes (2 width), its gates (width), and theirs."""
        return [tile[:rows] for tile in self._tiles]


class RowNetwork:
    """The estimate of a network for one mel, as `DiffWave.forward` gives it."""

    def __init__(self, network: DiffWave) -> None:
        self._network = network
        layers: Iterable[nn.Module] = network.residual_layers
        self.layers = [
            RowLayer.of(layer, dilation, index)
            for index, (layer, dilation) in enumerate(zip(layers, dilations(network.config), strict=True))
            if isinstance(layer, ResidualLayer)
        ]

    def __call__(self, noisy: Tensor, step: Tensor, told: Iterable[Told]) -> Tensor:
        """(1, group, time) to the same, at `step` (1,), given what each layer is told."""
        network = self._network
        embedding = network.diffusion_embedding(step)
        x = F.relu(_projected(noisy[0].T, network.input_projection))
        total = torch.zeros_like(x)
        scratch = Scratch(*x.shape, max(layer.dilation for layer in self.layers))
        same, shares = x.new_zeros(2, x.shape[1])  # what all rows of `x` and of `total` have besides
        for layer, one in zip(self.layers, told, strict=True):
            layer.push_on(x, total, same + layer.layer.diffusion_projection(embedding)[0], one, scratch)
            onward, share = layer.layer.output_projection.bias.chunk(2)  # type: ignore[union-attr,operator]
            same, shares = (same + onward) * math.sqrt(0.5), shares + share
        total += shares
        x = F.relu(_projected(total.mul_(1 / math.sqrt(len(self.layers))), network.skip_projection))
        return _projected(x, network.output_projection).T[None]


def _product(conv: nn.Conv1d) -> Tensor:
    """The weights of a convolution of one tap, (inputs, outputs)."""
    return conv.weight.detach()[:, :, 0].T.clone(memory_format=torch.contiguous_format)


def _projected(rows: Tensor, conv: nn.Conv1d) -> Tensor:
    return F.linear(rows, conv.weight[:, :, 0], conv.bias)
