"""The architecture of a Parallel WaveGAN voice, in the keys of the published config.yml."""

from __future__ import annotations

from math import prod
from typing import Any

from pydantic import Field

from vocolab.errors import OptionProblem
from vocolab.options import Count, Options, option_problems

_MOST_DOUBLINGS = 13


class ParallelWaveGanConfig(Options):
    """Sizes of the generator; the defaults are those of parallel_wavegan.v1."""

    layers: int = Field(30, ge=1, le=256, description="Layers of the WaveNet.")
    stacks: int = Field(3, ge=1, le=64, description="Parts of the layers; the dilation doubles within each.")
    kernel_size: int = Field(3, ge=1, le=31, description="Taps of a layer; odd.")
    residual_channels: int = Field(64, ge=1, le=4096, description="Width between layers.")
    gate_channels: int = Field(128, ge=2, le=8192, multiple_of=2, description="Width inside a layer, both halves.")
    skip_channels: int = Field(64, ge=1, le=4096, description="Width of what layers give to the output.")
    aux_context_window: int = Field(2, ge=0, le=64, description="Frames to either side that the mel is mixed over.")
    residual_scale: float = Field(
        2**-0.5, gt=0.0, le=1.0, description="What a layer's sum with its input is multiplied by: the root of a half "
        "as published, a quarter in coqui's code.",
    )
    upsample_scales: list[Count] = Field(
        [4, 4, 4, 4], min_length=1, max_length=8, description="From frames to samples."
    )


def config_problems(values: dict[str, Any], hop_samples: int) -> list[OptionProblem]:
    """Everything that keeps `values` from being the generator for mels of this hop; empty where it fits."""
    problems = option_problems(ParallelWaveGanConfig, values)
    if problems:
        return problems
    config = ParallelWaveGanConfig.model_validate(values)
    if (product := prod(config.upsample_scales)) != hop_samples:
        what = f"{config.upsample_scales} make {product} samples a frame; the hop is {hop_samples}"
        problems.append(OptionProblem("upsample_scales", what))
    if config.layers % config.stacks:
        problems.append(OptionProblem("layers", f"{config.layers} can't be divided into {config.stacks} stacks"))
    if config.layers // config.stacks > _MOST_DOUBLINGS:
        what = f"{config.layers} layers in {config.stacks} stacks double the dilation more than {_MOST_DOUBLINGS} times"
        problems.append(OptionProblem("stacks", what))
    if config.kernel_size % 2 == 0:
        problems.append(OptionProblem("kernel_size", f"{config.kernel_size} has to be odd"))
    return problems
