"""Generators that upsample by transposed convolutions: the keys of their published config.json, and what has to fit.

HiFi-GAN brought the keys; other families took them over.
"""

from __future__ import annotations

from math import prod
from typing import Literal

from pydantic import Field

from vocolab.errors import OptionProblem
from vocolab.options import Count, Options


class UpsamplingConfig(Options):
    """Stages of upsampling, each halving the channels and followed by parallel residual blocks."""

    resblock: Literal["1", "2"] = Field("1", description="Residual blocks of 1: pairs of convolutions, 2: single ones.")
    upsample_rates: list[Count] = Field(min_length=1, max_length=8, description="By how much each stage upsamples.")
    upsample_kernel_sizes: list[Count] = Field(min_length=1, max_length=8, description="Kernel of each stage.")
    upsample_initial_channel: int = Field(ge=2, le=8192, description="Channels before the first stage.")
    resblock_kernel_sizes: list[Count] = Field(
        [3, 7, 11], min_length=1, max_length=8, description="Kernels of the parallel residual blocks, in samples."
    )
    resblock_dilation_sizes: list[list[Count]] = Field(
        [[1, 3, 5], [1, 3, 5], [1, 3, 5]], min_length=1, max_length=8, description="Dilations in each of them."
    )
    mel_offset: float = Field(0.0, description="Subtracted from the mel before the first convolution.")
    mel_scale: float = Field(
        1.0, gt=0.0, description="What the mel is divided by then: a centred input is learned several times faster."
    )


def rate_problems(config: UpsamplingConfig, hop_samples: int, head_samples: int | None = None) -> list[OptionProblem]:
    """What keeps the stages from making a hop out of a frame; `head_samples` is what a head adds to each step."""
    product = prod(config.upsample_rates) * (head_samples or 1)
    if product == hop_samples:
        return []
    times = f" times gen_istft_hop_size {head_samples}" if head_samples else ""
    what = f"{config.upsample_rates}{times} make {product} samples a frame; the hop is {hop_samples}"
    return [OptionProblem("upsample_rates", what)]


def kernel_problems(config: UpsamplingConfig, *, doubled: bool = False) -> list[OptionProblem]:
    """What keeps lengths, lists and widths from fitting each other.

    `doubled` is for generators whose kernels are twice their rates: their output padding makes odd rates come out.
    """
    problems = []
    if len(config.upsample_kernel_sizes) != len(config.upsample_rates):
        what = f"{len(config.upsample_kernel_sizes)} for {len(config.upsample_rates)} upsample_rates"
        problems.append(OptionProblem("upsample_kernel_sizes", what))
    for kernel, rate in zip(config.upsample_kernel_sizes, config.upsample_rates, strict=False):
        if doubled and kernel != 2 * rate:
            what = f"{kernel} for rate {rate}; with this padding it has to be {2 * rate}"
            problems.append(OptionProblem("upsample_kernel_sizes", what))
        if not doubled and (kernel < rate or (kernel - rate) % 2):
            what = f"{kernel} for rate {rate}; kernel minus rate has to be even and not negative, else lengths drift"
            problems.append(OptionProblem("upsample_kernel_sizes", what))
    problems += [
        OptionProblem("resblock_kernel_sizes", f"{k} has to be odd") for k in config.resblock_kernel_sizes if k % 2 == 0
    ]
    if len(config.resblock_dilation_sizes) != len(config.resblock_kernel_sizes):
        lists, kernels = len(config.resblock_dilation_sizes), len(config.resblock_kernel_sizes)
        problems.append(OptionProblem("resblock_dilation_sizes", f"{lists} lists for {kernels} resblock_kernel_sizes"))
    width, stages = config.upsample_initial_channel, len(config.upsample_rates)
    if width % 2**stages:
        problems.append(OptionProblem("upsample_initial_channel", f"{width} can't be halved {stages} times"))
    return problems
