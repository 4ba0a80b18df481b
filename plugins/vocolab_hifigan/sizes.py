"""Parameters, cost and receptive field of a HiFi-GAN generator, from its config."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from vocolab.mels.conventions import convention
from vocolab.mels.spec import MelSpec
from vocolab.networks.sizes import Cost, Sizes, convolution
from vocolab_hifigan.config import HifiGanConfig

PRE_KERNEL = POST_KERNEL = 7


def sizes(config: Mapping[str, Any], mel_spec: MelSpec | None) -> Sizes:
    """The sizes of a voice's config; without one, V1's."""
    spec = mel_spec or convention("hifigan-22k")
    known = HifiGanConfig.model_validate(dict(config))
    return cost(known, spec).sizes(context_frames(known, spec.hop_samples), frame_rate_hz=spec.frame_rate_hz)


def cost(config: HifiGanConfig, spec: MelSpec) -> Cost:
    """Of all convolutions."""
    rate_hz, width = spec.frame_rate_hz, config.upsample_initial_channel
    total = convolution(spec.n_mels, width, PRE_KERNEL, rate_hz)
    a_pair = 2 if config.resblock == "1" else 1
    for rate, up_kernel in zip(config.upsample_rates, config.upsample_kernel_sizes, strict=True):
        total += convolution(width, width // 2, up_kernel, rate_hz)
        rate_hz, width = rate_hz * rate, width // 2
        for kernel, dilations in zip(config.resblock_kernel_sizes, config.resblock_dilation_sizes, strict=True):
            total += convolution(width, width, kernel, rate_hz) * (a_pair * len(dilations))
    outputs = config.gen_istft_n_fft + 2 if config.gen_istft_n_fft else 1
    return total + convolution(width, outputs, POST_KERNEL, rate_hz)


def context_frames(config: HifiGanConfig, hop_samples: int) -> int:
    """Frames on either side that a sample depends on, from the reach of every layer at its own rate."""
    samples_a_step = hop_samples
    reach_samples = PRE_KERNEL // 2 * hop_samples
    for rate, kernel in zip(config.upsample_rates, config.upsample_kernel_sizes, strict=True):
        reach_samples += math.ceil(kernel / rate / 2) * samples_a_step
        samples_a_step //= rate
        reach_samples += _widest_block(config) * samples_a_step
    reach_samples += POST_KERNEL // 2 * samples_a_step
    if config.gen_istft_n_fft and config.gen_istft_hop_size:
        windows = math.ceil(config.gen_istft_n_fft / config.gen_istft_hop_size)
        reach_samples += (windows + 1) * samples_a_step
    return math.ceil(reach_samples / hop_samples)


def stage_reach(config: HifiGanConfig, index: int) -> int:
    """Steps of its input on either side that a step of a stage's output depends on."""
    rate, kernel = config.upsample_rates[index], config.upsample_kernel_sizes[index]
    return math.ceil(kernel / rate / 2) + math.ceil(_widest_block(config) / rate)


def _widest_block(config: HifiGanConfig) -> int:
    """Steps that the widest residual block of a stage reaches to either side."""
    undilated = 1 if config.resblock == "1" else 0
    return max(
        (kernel - 1) // 2 * sum(dilation + undilated for dilation in dilations)
        for kernel, dilations in zip(config.resblock_kernel_sizes, config.resblock_dilation_sizes, strict=True)
    )
