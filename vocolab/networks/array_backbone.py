"""A ConvNeXt backbone by NumPy over a stream, each layer keeping the last frames that it has seen.

What `vocolab.networks.cached` is for torch: an engine's graph has no place to keep frames in, and computes those around
a part of the mel anew for each part.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from vocolab.networks.array_layers import Floats, gelu, normalised


class _Block(NamedTuple):
    """The weights of a block as rows read them; gains and biases around the products are in the products."""

    taps: Floats
    """(kernel, dim)"""
    bias: Floats
    wide: Floats
    """(dim, intermediate)"""
    wide_bias: Floats
    narrow: Floats
    """(intermediate, dim)"""
    narrow_bias: Floats

    @classmethod
    def of(cls, weights: Mapping[str, Floats], name: str) -> _Block:
        wide, narrow = weights[f"{name}.pwconv1.weight"], weights[f"{name}.pwconv2.weight"]
        gain, shift, gamma = (weights[f"{name}.{key}"] for key in ("norm.weight", "norm.bias", "gamma"))
        return cls(
            np.ascontiguousarray(weights[f"{name}.dwconv.weight"][:, 0].T), weights[f"{name}.dwconv.bias"],
            np.ascontiguousarray(wide.T) * gain[:, None], weights[f"{name}.pwconv1.bias"] + wide @ shift,
            np.ascontiguousarray(narrow.T) * gamma, weights[f"{name}.pwconv2.bias"] * gamma,
        )


class ArrayBackbone:
    """The weights of a `convnext.Backbone`, laid out.

    Args:
        weights: A voice's tensors in float32; those of the backbone begin with "backbone.".
    """

    def __init__(self, weights: Mapping[str, Floats]) -> None:
        embed = weights["backbone.embed.weight"]  # (dim, channels, kernel)
        self.dim, self.channels, self.kernel = embed.shape
        self.taps = np.ascontiguousarray(embed.transpose(2, 1, 0).reshape(-1, self.dim))
        self.bias = weights["backbone.embed.bias"]
        self.norm = weights["backbone.norm.weight"], weights["backbone.norm.bias"]
        self.last_norm = weights["backbone.final_layer_norm.weight"], weights["backbone.final_layer_norm.bias"]
        layers = sum(name.endswith(".gamma") and name.startswith("backbone.convnext.") for name in weights)
        self.blocks = [_Block.of(weights, f"backbone.convnext.{index}") for index in range(layers)]


class ArrayBackboneStream:
    """Frames (frames, channels) in, features (frames, dim) out as soon as they are certain."""

    def __init__(self, backbone: ArrayBackbone) -> None:
        self._backbone, reach = backbone, backbone.kernel // 2
        self._window = _Window(reach, backbone.channels)
        self._blocks = [
            (block, _Window(len(block.taps) // 2, backbone.dim)) for block in backbone.blocks
        ]

    def push(self, x: Floats, *, last: bool = False) -> Floats:
        """The features that no later frame changes; with `last`, all that are left."""
        backbone = self._backbone
        around = self._window.around(x, last=last)
        frames = max(0, len(around) - backbone.kernel + 1)
        taps = [around[tap : tap + frames] for tap in range(backbone.kernel)]
        y = normalised(np.concatenate(taps, axis=1) @ backbone.taps + backbone.bias)
        y = y * backbone.norm[0] + backbone.norm[1]
        for block, window in self._blocks:
            y = _through(block, window.around(y, last=last))
        return normalised(y) * backbone.last_norm[0] + backbone.last_norm[1]


def _through(block: _Block, around: Floats) -> Floats:
    """What a block makes of rows that have as many more on either side as it looks at."""
    kernel = len(block.taps)
    frames = max(0, len(around) - kernel + 1)
    y = around[:frames] * block.taps[0]
    tapped = np.empty_like(y)
    for place, tap in enumerate(block.taps[1:], 1):
        y += np.multiply(around[place : place + frames], tap, out=tapped)
    y += block.bias
    inner = normalised(y) @ block.wide
    inner += block.wide_bias
    y = gelu(inner) @ block.narrow
    y += block.narrow_bias
    y += around[kernel // 2 : kernel // 2 + frames]
    return y


class _Window:
    """The rows that a layer looks at; zeros before the first, and after the last."""

    def __init__(self, reach: int, width: int) -> None:
        self._reach = reach
        self._kept = np.zeros((reach, width), np.float32)

    def around(self, x: Floats, *, last: bool) -> Floats:
        """(rows + 2 reach, width) for all rows that can be given; fewer rows: none can."""
        behind = [np.zeros_like(self._kept, shape=(self._reach, x.shape[1]))] if last else []
        joined = np.concatenate([self._kept, x, *behind])
        self._kept = joined[max(0, len(joined) - 2 * self._reach) :]
        return joined
