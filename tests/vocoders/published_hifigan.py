"""HiFi-GAN generators as their projects have them: weights under weight norm, and what they compute, in plain calls.

Written down anew from the paper and the projects' conventions, with none of vocolab's modules in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

SIZES: dict[str, Any] = {
    "resblock": "1", "upsample_rates": [8, 8, 2, 2], "upsample_kernel_sizes": [16, 16, 4, 4],
    "upsample_initial_channel": 32, "resblock_kernel_sizes": [3, 7], "resblock_dilation_sizes": [[1, 3, 5], [1, 3, 5]],
}
MELS: dict[str, Any] = {
    "num_mels": 80, "n_fft": 1024, "hop_size": 256, "win_size": 1024, "sampling_rate": 22050, "fmin": 0, "fmax": 8000,
}
_GAINS = {"conv_pre": 0.1, "ups": 1.2, "resblocks": 0.3, "conv_post": 0.4}
"""Norms of the weights with which a mel comes out at speaking level: rounding is not blown up on the way."""


@dataclass
class Published:
    """A generator with random weights, in the names of hifi-gan."""

    state: dict[str, Tensor]
    sizes: dict[str, Any]
    slope: float = 0.1
    reflect: bool = False
    output_padding: bool = False

    def audio(self, mel: Tensor) -> Tensor:
        """(n_mels, frames) to (samples,)."""
        x = self.conv("conv_pre", mel[None])
        n_blocks = len(self.sizes["resblock_kernel_sizes"])
        for index, rate in enumerate(self.sizes["upsample_rates"]):
            x = self.up(f"ups.{index}", F.leaky_relu(x, self.slope), rate)
            outputs = [
                self.block(f"resblocks.{index * n_blocks + number}", x, dilations)
                for number, dilations in enumerate(self.sizes["resblock_dilation_sizes"])
            ]
            x = torch.stack(outputs).mean(0)
        return torch.tanh(self.conv("conv_post", F.leaky_relu(x, 0.01)))[0, 0]

    def block(self, name: str, x: Tensor, dilations: list[int]) -> Tensor:
        for number, dilation in enumerate(dilations):
            if self.sizes["resblock"] == "2":
                x = x + self.conv(f"{name}.convs.{number}", F.leaky_relu(x, self.slope), dilation)
                continue
            inner = self.conv(f"{name}.convs1.{number}", F.leaky_relu(x, self.slope), dilation)
            x = x + self.conv(f"{name}.convs2.{number}", F.leaky_relu(inner, self.slope))
        return x

    def conv(self, name: str, x: Tensor, dilation: int = 1) -> Tensor:
        weight = self.weight(name)
        reach = dilation * (weight.shape[-1] - 1) // 2
        padded = F.pad(x, (reach, reach), mode="reflect" if self.reflect else "constant")
        return F.conv1d(padded, weight, self.state.get(f"{name}.bias"), dilation=dilation)

    def up(self, name: str, x: Tensor, rate: int) -> Tensor:
        weight, bias = self.weight(name), self.state[f"{name}.bias"]
        if self.output_padding:
            return F.conv_transpose1d(x, weight, bias, rate, rate // 2 + rate % 2, rate % 2)
        return F.conv_transpose1d(x, weight, bias, rate, (weight.shape[-1] - rate) // 2)

    def weight(self, name: str) -> Tensor:
        gain, direction = self.state[f"{name}.weight_g"], self.state[f"{name}.weight_v"]
        return gain * direction / direction.flatten(1).norm(dim=1)[:, None, None]


def published(
    seed: int = 0, n_mels: int = 80, *, without_bias: tuple[str, ...] = (), sizes: dict[str, Any] | None = None,
    **graph: Any,
) -> Published:
    """Random weights of a size that lets a signal through, `without_bias` naming the layers that have none."""
    sizes = {**SIZES, **(sizes or {})}
    random = torch.Generator().manual_seed(seed)
    state: dict[str, Tensor] = {}

    def layer(name: str, *shape: int, biases: int) -> None:
        direction = torch.randn(shape, generator=random)
        state[f"{name}.weight_v"] = direction
        norms = 0.8 + 0.4 * torch.rand(shape[0], 1, 1, generator=random)
        state[f"{name}.weight_g"] = norms * _GAINS[name.split(".")[0]]
        if not name.startswith(without_bias or ("nothing",)):
            state[f"{name}.bias"] = 0.1 * torch.randn(biases, generator=random)

    width = sizes["upsample_initial_channel"]
    layer("conv_pre", width, n_mels, 7, biases=width)
    for index, kernel in enumerate(sizes["upsample_kernel_sizes"]):
        layer(f"ups.{index}", width, width // 2, kernel, biases=width // 2)
        width //= 2
        for number, size in enumerate(sizes["resblock_kernel_sizes"]):
            block = f"resblocks.{index * len(sizes['resblock_kernel_sizes']) + number}"
            for convs in ("convs1", "convs2") if sizes["resblock"] == "1" else ("convs",):
                for place in range(len(sizes["resblock_dilation_sizes"][number])):
                    layer(f"{block}.{convs}.{place}", width, width, size, biases=width)
    layer("conv_post", 1, width, 7, biases=1)
    return Published(state, sizes, **graph)


def mel(n_frames: int = 20, n_mels: int = 80, seed: int = 1) -> Tensor:
    """A mel of the range that ln conventions have."""
    return torch.rand(n_mels, n_frames, generator=torch.Generator().manual_seed(seed)) * 8 - 9
