"""The architecture of an NSF-HiFi-GAN voice, in the keys of the published config.json."""

from __future__ import annotations

from math import prod
from typing import Any, Literal

from pydantic import Field

from vocolab.errors import OptionProblem
from vocolab.options import Count, option_problems
from vocolab_hifigan.upsampling import UpsamplingConfig, kernel_problems, rate_problems


class NsfHifiGanConfig(UpsamplingConfig):
    """Generator sizes; the defaults are those of the published models at 44.1 kHz."""

    upsample_rates: list[Count] = Field([8, 8, 2, 2, 2], min_length=2, max_length=8)
    upsample_kernel_sizes: list[Count] = Field([16, 16, 4, 4, 4], min_length=2, max_length=8)
    upsample_initial_channel: int = Field(512, ge=2, le=8192)
    mini_nsf: bool = Field(False, description="One sine, added once after the second stage, in place of harmonics.")
    harmonics: int = Field(9, ge=1, le=64, description="How many sines the source has, without mini_nsf.")
    leaky_relu_slope: float = Field(0.1, ge=0.0, le=1.0, description="Of all activations but the last.")
    conv_padding: Literal["zeros"] = "zeros"

    @property
    def source_steps(self) -> int:
        """Values of the source a frame."""
        return prod(self.upsample_rates[:2] if self.mini_nsf else self.upsample_rates)


def config_problems(values: dict[str, Any], hop_samples: int) -> list[OptionProblem]:
    """Everything that keeps `values` from being the generator for mels of this hop; empty where it fits."""
    problems = option_problems(NsfHifiGanConfig, values)
    if problems:
        return problems
    config = NsfHifiGanConfig.model_validate(values)
    return [*rate_problems(config, hop_samples), *kernel_problems(config)]
