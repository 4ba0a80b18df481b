"""Parameters, cost and receptive field of a BigVGAN generator, from its config."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from vocolab.mels.conventions import convention
from vocolab.mels.spec import MelSpec
from vocolab.networks.sizes import Cost, Sizes, convolution
from vocolab_bigvgan.config import BigVganConfig
from vocolab_bigvgan.filters import TAPS

PRE_KERNEL = POST_KERNEL = 7
ACTIVATION_REACH = TAPS // 2 - 1
"""Steps to either side that an activation's two filters reach together."""


def sizes(config: Mapping[str, Any], mel_spec: MelSpec | None) -> Sizes:
    """The sizes of a voice's config; without one, those of the published 112 M model for 24 kHz."""
    spec = mel_spec or convention("bigvgan-24k")
    known = BigVganConfig.model_validate(dict(config))
    return cost(known, spec).sizes(context_frames(known, spec.hop_samples), frame_rate_hz=spec.frame_rate_hz)


def stage_widths(config: BigVganConfig) -> list[int]:
    """Channels before the first stage and after each."""
    return [config.upsample_initial_channel >> stage for stage in range(len(config.upsample_rates) + 1)]


def cost(config: BigVganConfig, spec: MelSpec) -> Cost:
    """Of all convolutions, and of the filters of the activations."""
    rate_hz, widths = spec.frame_rate_hz, stage_widths(config)
    total = convolution(spec.n_mels, widths[0], PRE_KERNEL, rate_hz)
    a_pair = 2 if config.resblock == "1" else 1
    stages = zip(pairwise(widths), config.upsample_rates, config.upsample_kernel_sizes, strict=True)
    for (wide, narrow), rate, up_kernel in stages:
        total += convolution(wide, narrow, up_kernel, rate_hz)
        rate_hz *= rate
        for kernel, dilations in zip(config.resblock_kernel_sizes, config.resblock_dilation_sizes, strict=True):
            layer = _activation(narrow, rate_hz, config) + convolution(narrow, narrow, kernel, rate_hz)
            total += layer * (a_pair * len(dilations))
    last = convolution(widths[-1], 1, POST_KERNEL, rate_hz, bias=config.use_bias_at_final)
    return total + _activation(widths[-1], rate_hz, config) + last


def _activation(channels: int, rate_hz: float, config: BigVganConfig) -> Cost:
    """Upsampling takes all taps for every step that comes in, downsampling all for every one that goes out."""
    return Cost(channels * (2 if config.activation == "snakebeta" else 1), 2 * TAPS * channels * rate_hz)


def context_frames(config: BigVganConfig, hop_samples: int) -> int:
    """Frames on either side that a sample depends on, from the reach of every layer at its own rate."""
    samples_a_step = hop_samples
    reach_samples = PRE_KERNEL // 2 * hop_samples
    for rate, kernel in zip(config.upsample_rates, config.upsample_kernel_sizes, strict=True):
        reach_samples += math.ceil(kernel / rate / 2) * samples_a_step
        samples_a_step //= rate
        reach_samples += _widest_block(config) * samples_a_step
    reach_samples += (ACTIVATION_REACH + POST_KERNEL // 2) * samples_a_step
    return math.ceil(reach_samples / hop_samples)


def _widest_block(config: BigVganConfig) -> int:
    """Steps that the widest residual block of a stage reaches to either side."""
    blocks = zip(config.resblock_kernel_sizes, config.resblock_dilation_sizes, strict=True)
    if config.resblock == "1":
        return max(
            sum((kernel - 1) // 2 * (dilation + 1) + 2 * ACTIVATION_REACH for dilation in dilations)
            for kernel, dilations in blocks
        )
    return max(
        sum((kernel - 1) // 2 * dilation + ACTIVATION_REACH for dilation in dilations) for kernel, dilations in blocks
    )
