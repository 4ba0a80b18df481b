"""The architecture of a BigVGAN voice, in the keys of the published config.json."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from vocolab.errors import OptionProblem
from vocolab.options import Count, option_problems
from vocolab_hifigan.upsampling import UpsamplingConfig, kernel_problems, rate_problems


class BigVganConfig(UpsamplingConfig):
    """Generator sizes. The defaults are those of the published 112 M model for 24 kHz."""

    upsample_rates: list[Count] = Field([4, 4, 2, 2, 2, 2], min_length=1, max_length=8)
    upsample_kernel_sizes: list[Count] = Field([8, 8, 4, 4, 4, 4], min_length=1, max_length=8)
    upsample_initial_channel: int = Field(1536, ge=2, le=8192)
    activation: Literal["snake", "snakebeta"] = Field(
        "snakebeta", description="Whether the amplitude of the sine has a parameter of its own."
    )
    snake_logscale: bool = Field(True, description="Whether the activations' parameters are stored as logarithms.")
    use_tanh_at_final: bool = Field(True, description="Tanh at the end (v1); else samples are clipped to +-1 (v2).")
    use_bias_at_final: bool = Field(True, description="Whether the last convolution has a bias (v1).")


def config_problems(values: dict[str, Any], hop_samples: int) -> list[OptionProblem]:
    """Everything that keeps `values` from being the generator for mels of this hop; empty where it fits."""
    problems = option_problems(BigVganConfig, values)
    if problems:
        return problems
    config = BigVganConfig.model_validate(values)
    return [*rate_problems(config, hop_samples), *kernel_problems(config)]
