"""The architecture of a MelGAN voice, with one band or several."""

from __future__ import annotations

from math import prod
from typing import Any

from pydantic import Field

from vocolab.errors import OptionProblem
from vocolab.options import Count, Options, option_problems

_WIDEST_DILATION = 4096


class MelGanConfig(Options):
    """Sizes of the generator; the defaults are those of the published models at 22.05 kHz."""

    upsample_rates: list[Count] = Field([8, 8, 2, 2], min_length=1, max_length=8, description="By how much each stage "
                                      "upsamples.")
    channels: int = Field(512, ge=2, le=8192, description="Width before the first stage; each stage halves it.")
    blocks: int = Field(3, ge=1, le=8, description="Residual blocks a stage, the dilation three times as wide each.")
    kernel_size: int = Field(7, ge=1, le=31, description="Taps of the first and the last convolution; odd.")
    block_kernel_size: int = Field(3, ge=1, le=15, description="Taps of a residual block; odd.")
    bands: int = Field(1, ge=1, le=16, description="Bands that the network gives, joined by a filter bank.")
    filter_cutoff: float = Field(
        0.142, gt=0.0, lt=1.0, description="Where the bank's prototype ends, in half sample rates; of several bands."
    )
    leaky_relu_slope: float = Field(0.2, ge=0.0, le=1.0, description="Of all activations.")
    mel_offset: float = Field(0.0, description="Subtracted from the mel before the first convolution.")
    mel_scale: float = Field(1.0, gt=0.0, description="What the mel is divided by then.")


def config_problems(values: dict[str, Any], hop_samples: int) -> list[OptionProblem]:
    """Everything that keeps `values` from being the generator for mels of this hop; empty where it fits."""
    problems = option_problems(MelGanConfig, values)
    if problems:
        return problems
    config = MelGanConfig.model_validate(values)
    if (product := prod(config.upsample_rates) * config.bands) != hop_samples:
        bands = f" times {config.bands} bands" if config.bands > 1 else ""
        what = f"{config.upsample_rates}{bands} make {product} samples a frame; the hop is {hop_samples}"
        problems.append(OptionProblem("upsample_rates", what))
    if config.channels % 2 ** len(config.upsample_rates):
        what = f"{config.channels} can't be halved {len(config.upsample_rates)} times"
        problems.append(OptionProblem("channels", what))
    if config.block_kernel_size ** (config.blocks - 1) > _WIDEST_DILATION:
        kernel = config.block_kernel_size
        what = f"{config.blocks} with kernels of {kernel} are dilated beyond {_WIDEST_DILATION}"
        problems.append(OptionProblem("blocks", what))
    problems += [
        OptionProblem(key, f"{size} has to be odd")
        for key, size in (("kernel_size", config.kernel_size), ("block_kernel_size", config.block_kernel_size))
        if size % 2 == 0
    ]
    return problems
