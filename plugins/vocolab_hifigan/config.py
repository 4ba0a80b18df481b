"""The architecture of a HiFi-GAN voice, in the keys of the published config.json, and a linter for it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from vocolab.errors import OptionProblem
from vocolab.options import Count, option_problems
from vocolab_hifigan.upsampling import UpsamplingConfig, kernel_problems, rate_problems


class HifiGanConfig(UpsamplingConfig):
    """Generator sizes. The defaults are V1's; `gen_istft_*` belong to the iSTFT head of iSTFTNet.

    Without an iSTFT head the last convolution gives samples. With one it gives `gen_istft_n_fft + 2` channels, log
    magnitudes and phases, at the rate of `gen_istft_hop_size` samples.
    """

    upsample_rates: list[Count] = Field([8, 8, 2, 2], min_length=1, max_length=8)
    upsample_kernel_sizes: list[Count] = Field([16, 16, 4, 4], min_length=1, max_length=8)
    upsample_initial_channel: int = Field(512, ge=2, le=8192)
    gen_istft_n_fft: int | None = Field(None, ge=4, le=8192)
    gen_istft_hop_size: int | None = Field(None, ge=1, le=4096)
    gen_istft_phase: Literal["sine", "angle"] = Field(
        "sine", description="The head's phase: the sine of the network's output, as published, or the output itself."
    )
    gen_istft_padding: Literal["left", "same"] = Field(
        "left", description="Where the head's frames stand: one frame reflected at the front, as published, or hop / 2."
    )
    leaky_relu_slope: float = Field(
        0.1, ge=0.0, le=1.0, description="Of all activations but the last, which has 0.01."
    )
    upsample_padding: Literal["published", "parallelwavegan"] = Field(
        "published", description="How upsampled samples are cut to rate times as many: (kernel - rate) / 2 on both "
        "sides, or ParallelWaveGAN's way with output padding, which does odd rates.",
    )
    conv_padding: Literal["zeros", "reflect"] = Field(
        "zeros", description="What stands beyond the ends of a sequence: zeros as published, or its reflection."
    )


def config_problems(values: dict[str, Any], hop_samples: int) -> list[OptionProblem]:
    """Everything that keeps `values` from being the generator for mels of this hop; empty where it fits."""
    problems = option_problems(HifiGanConfig, values)
    if problems:
        return problems
    config = HifiGanConfig.model_validate(values)
    rates = rate_problems(config, hop_samples, config.gen_istft_hop_size)
    return [*rates, *kernel_problems(config, doubled=config.upsample_padding != "published"), *_head_problems(config)]


def _head_problems(config: HifiGanConfig) -> list[OptionProblem]:
    n_fft, hop = config.gen_istft_n_fft, config.gen_istft_hop_size
    if (n_fft is None) != (hop is None):
        return [OptionProblem("gen_istft_n_fft", "has to be given together with gen_istft_hop_size")]
    odd = config.gen_istft_padding == "same" and hop is not None and hop % 2  # half a hop is cut off in front
    if n_fft is not None and hop is not None and (n_fft % 2 or hop > n_fft // 2 or odd):
        what = (f"{n_fft} with gen_istft_hop_size {hop}; n_fft has to be even (and the hop, with gen_istft_padding "
                f"same), "
                "and the hop at most half of n_fft")
        return [OptionProblem("gen_istft_n_fft", what)]
    return []
