"""Counts what a torch network really holds and really multiplies."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from vocolab.mels.spec import MelSpec
from vocolab.networks.sizes import Sizes


def multiplications(network: nn.Module, *inputs: Tensor) -> int:
    """Multiplications with an addition in every convolution and matrix product of one forward pass."""
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        network(*inputs)
    return counter.get_total_flops() // 2


def counted_macs_per_second(network: nn.Module, spec: MelSpec, frames: int = 16) -> float:
    """What a second of audio costs: the difference of two lengths, so that what is done once a call falls out."""
    short, long = (
        multiplications(network, torch.zeros(1, spec.n_mels, count)) for count in (frames, 2 * frames)
    )
    return (long - short) / frames * spec.frame_rate_hz


def counted_parameters(network: nn.Module) -> int:
    """How many trained numbers `network` holds, weight norm counted once."""
    return sum(parameter.numel() for parameter in network.parameters())


def assert_sizes_are_real(sizes: Sizes, network: nn.Module, spec: MelSpec) -> None:
    """`sizes` are what is counted in `network`, to the last parameter and the last multiplication."""
    assert sizes.parameters == counted_parameters(network)
    assert abs(sizes.macs_per_second / counted_macs_per_second(network, spec) - 1) < 1e-9
