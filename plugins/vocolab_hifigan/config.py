"""The architecture of a HiFi-GAN voice, in the keys of the published config.json, and a linter for it."""

from __future__ import annotations

from math import prod
from typing import Any, Literal

from pydantic import Field

from vocolab.options import Options, option_problems


class HifiGanConfig(Options):
    """Generator sizes. The defaults are V1's; `gen_istft_*` belong to the iSTFT head of iSTFTNet.

    Without an iSTFT head the last convolution gives samples. With one it gives `gen_istft_n_fft + 2` channels, log
    magnitudes and phases, at the rate of `gen_istft_hop_size` samples.
    """

    resblock: Literal["1", "2"] = "1"
    upsample_rates: list[int] = Field([8, 8, 2, 2], min_length=1, max_length=8)
    upsample_kernel_sizes: list[int] = Field([16, 16, 4, 4], min_length=1, max_length=8)
    upsample_initial_channel: int = Field(512, ge=2, le=8192)
    resblock_kernel_sizes: list[int] = Field([3, 7, 11], min_length=1, max_length=8)
    resblock_dilation_sizes: list[list[int]] = Field([[1, 3, 5], [1, 3, 5], [1, 3, 5]], min_length=1, max_length=8)
    gen_istft_n_fft: int | None = Field(None, ge=4, le=8192)
    gen_istft_hop_size: int | None = Field(None, ge=1, le=4096)
    gen_istft_phase: Literal["sine", "angle"] = Field(
        "sine", description="The head's phase: the sine of the network's output, as published, or the output itself."
    )
    gen_istft_padding: Literal["left", "same"] = Field(
        "left", description="Where the head's frames stand: one frame reflected at the front, as published, or hop / 2."
    )
    mel_offset: float = Field(0.0, description="Subtracted from the mel before the first convolution.")
    mel_scale: float = Field(
        1.0, gt=0.0, description="What the mel is divided by then: a centred input is learned several times faster."
    )


def config_problems(values: dict[str, Any], hop_samples: int) -> list[str]:
    """Everything that keeps `values` from being the generator for mels of this hop; empty where it fits."""
    problems = [f"{name}: {text}" for name, text in option_problems(HifiGanConfig, values)]
    if problems:
        return problems
    config = HifiGanConfig.model_validate(values)
    return [*_rate_problems(config, hop_samples), *_kernel_problems(config), *_head_problems(config)]


def _rate_problems(config: HifiGanConfig, hop_samples: int) -> list[str]:
    product = prod(config.upsample_rates) * (config.gen_istft_hop_size or 1)
    if product == hop_samples:
        return []
    times = f" times gen_istft_hop_size {config.gen_istft_hop_size}" if config.gen_istft_hop_size else ""
    return [f"upsample_rates {config.upsample_rates}{times} make {product} samples a frame; the hop is {hop_samples}"]


def _kernel_problems(config: HifiGanConfig) -> list[str]:
    problems = []
    if len(config.upsample_kernel_sizes) != len(config.upsample_rates):
        rates = len(config.upsample_rates)
        problems.append(f"upsample_kernel_sizes: {len(config.upsample_kernel_sizes)} for {rates} upsample_rates")
    for kernel, rate in zip(config.upsample_kernel_sizes, config.upsample_rates, strict=False):
        if kernel < rate or (kernel - rate) % 2:
            problems.append(
                f"upsample_kernel_sizes: {kernel} for rate {rate}; kernel minus rate has to be even and not negative, "
                "else lengths drift"
            )
    problems += [f"resblock_kernel_sizes: {k} has to be odd" for k in config.resblock_kernel_sizes if k % 2 == 0]
    if len(config.resblock_dilation_sizes) != len(config.resblock_kernel_sizes):
        problems.append(
            f"resblock_dilation_sizes: {len(config.resblock_dilation_sizes)} lists for "
            f"{len(config.resblock_kernel_sizes)} resblock_kernel_sizes"
        )
    width, stages = config.upsample_initial_channel, len(config.upsample_rates)
    if width % 2**stages:
        problems.append(f"upsample_initial_channel: {width} can't be halved {stages} times")
    return problems


def _head_problems(config: HifiGanConfig) -> list[str]:
    n_fft, hop = config.gen_istft_n_fft, config.gen_istft_hop_size
    if (n_fft is None) != (hop is None):
        return ["gen_istft_n_fft and gen_istft_hop_size have to be given together"]
    if n_fft is not None and hop is not None and (n_fft % 2 or hop > n_fft // 2 or (n_fft - hop) % 2):
        return [f"gen_istft_n_fft {n_fft} with gen_istft_hop_size {hop}: both even, hop at most half of n_fft"]
    return []
