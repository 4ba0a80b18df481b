"""Parameters, cost and receptive field of a MelGAN generator, from its config."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from vocolab.mels.conventions import convention
from vocolab.mels.spec import MelSpec
from vocolab.networks.sizes import Cost, Sizes, convolution
from vocolab_melgan.config import MelGanConfig

BANK_REACH = 31


def sizes(config: Mapping[str, Any], mel_spec: MelSpec | None) -> Sizes:
    """The sizes of a voice's config; without one, those of the published model."""
    spec = mel_spec or convention("melgan-22k")
    known = MelGanConfig.model_validate(dict(config))
    return cost(known, spec).sizes(context_frames(known, spec.hop_samples), frame_rate_hz=spec.frame_rate_hz)


def cost(config: MelGanConfig, spec: MelSpec) -> Cost:
    """Of all convolutions."""
    rate_hz, width = spec.frame_rate_hz, config.channels
    total = convolution(spec.n_mels, width, config.kernel_size, rate_hz)
    for rate in config.upsample_rates:
        total += convolution(width, width // 2, 2 * rate, rate_hz)
        rate_hz, width = rate_hz * rate, width // 2
        block = convolution(width, width, config.block_kernel_size, rate_hz)
        total += (block + convolution(width, width, 1, rate_hz) * 2) * config.blocks
    return total + convolution(width, config.bands, config.kernel_size, rate_hz)


def context_frames(config: MelGanConfig, hop_samples: int) -> int:
    """Frames on either side that a sample depends on, from the reach of every layer at its own rate."""
    step = hop_samples
    reach = config.kernel_size // 2 * step
    for rate in config.upsample_rates:
        reach += step  # two taps a step of the input
        step //= rate
        reach += _widest(config) * step
    reach += config.kernel_size // 2 * step
    if config.bands > 1:
        reach += BANK_REACH
    return math.ceil(reach / hop_samples)


def least_frames(config: MelGanConfig) -> int:
    """Frames that are enough to be reflected wherever a convolution pads."""
    widest = (config.block_kernel_size - 1) // 2 * config.block_kernel_size ** (config.blocks - 1)
    return max(config.kernel_size // 2, widest // config.upsample_rates[0]) + 1


def _widest(config: MelGanConfig) -> int:
    """Steps that the blocks of a stage reach to either side."""
    return (config.block_kernel_size - 1) // 2 * sum(config.block_kernel_size**index for index in range(config.blocks))
