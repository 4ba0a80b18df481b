"""The architecture of a UnivNet voice, in the keys of the published config."""

from __future__ import annotations

from math import prod
from typing import Any

from pydantic import Field

from vocolab.errors import OptionProblem
from vocolab.options import Count, Options, option_problems


class UnivNetConfig(Options):
    """Sizes of the generator; the defaults are those of UnivNet-c32."""

    noise_dim: int = Field(64, ge=1, le=4096, description="Numbers of noise a frame.")
    channel_size: int = Field(32, ge=1, le=1024, description="Width of the network.")
    dilations: list[Count] = Field([1, 3, 9, 27], min_length=1, max_length=16, description="Of a stage's layers.")
    strides: list[Count] = Field([8, 8, 4], min_length=1, max_length=8, description="By how much each stage upsamples.")
    lReLU_slope: float = Field(0.2, ge=0.0, le=1.0, description="Of all activations.")
    kpnet_conv_size: int = Field(3, ge=1, le=15, description="Taps of the kernel predictor's convolutions; odd.")
    kpnet_channels: int = Field(64, ge=1, le=4096, description="Width of the kernel predictor.")


def config_problems(values: dict[str, Any], hop_samples: int) -> list[OptionProblem]:
    """Everything that keeps `values` from being the generator for mels of this hop; empty where it fits."""
    problems = option_problems(UnivNetConfig, values)
    if problems:
        return problems
    config = UnivNetConfig.model_validate(values)
    if (product := prod(config.strides)) != hop_samples:
        what = f"{config.strides} make {product} samples a frame; the hop is {hop_samples}"
        problems.append(OptionProblem("strides", what))
    if config.kpnet_conv_size % 2 == 0:
        problems.append(OptionProblem("kpnet_conv_size", f"{config.kpnet_conv_size} has to be odd"))
    return problems
