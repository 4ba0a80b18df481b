"""Parameters, cost and receptive field of a HiFTNet generator, from its config."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

from vocolab.mels.conventions import convention
from vocolab.mels.spec import MelSpec
from vocolab.networks.sizes import Cost, Sizes, convolution
from vocolab_hiftnet.config import HiftConfig

END_KERNEL = 7


def sizes(config: Mapping[str, Any], mel_spec: MelSpec | None) -> Sizes:
    """The sizes of a voice's config; without one, those of the published model. The F0 network is not counted."""
    spec = mel_spec or convention("hifigan-22k")
    known = HiftConfig.model_validate(dict(config))
    return cost(known, spec).sizes(context_frames(known, spec.hop_samples), frame_rate_hz=spec.frame_rate_hz)


def cost(config: HiftConfig, spec: MelSpec) -> Cost:
    """Of all convolutions but the F0 network's."""
    rate_hz, width, channels = spec.frame_rate_hz, config.upsample_initial_channel, config.gen_istft_n_fft + 2
    total = convolution(spec.n_mels, width, END_KERNEL, rate_hz)
    for stage, (rate, kernel) in enumerate(zip(config.upsample_rates, config.upsample_kernel_sizes, strict=True)):
        total += convolution(width, width // 2, kernel, rate_hz)
        rate_hz, width = rate_hz * rate, width // 2
        total += convolution(channels, width, source_taps(config, stage)[0], rate_hz)
        blocks = [*zip(config.resblock_kernel_sizes, config.resblock_dilation_sizes, strict=True),
                  (config.source_kernel_sizes[stage], config.source_dilation_sizes[stage])]
        for size, dilations in blocks:
            total += convolution(width, width, size, rate_hz) * (2 * len(dilations))
    return total + convolution(width, channels, END_KERNEL, rate_hz)


def source_taps(config: HiftConfig, stage: int) -> tuple[int, int, int]:
    """Taps, stride and padding with which the source's spectrum joins after a stage."""
    left = prod(config.upsample_rates[stage + 1 :])
    if left == 1:
        return 1, 1, 0
    return 2 * left, left, (left + 1) // 2 if config.source_padding == "up" else left // 2


def context_frames(config: HiftConfig, hop_samples: int) -> int:
    """Frames on either side that a sample depends on; the source's phase alone comes from further back, carried on."""
    step, reach = hop_samples, END_KERNEL // 2 * hop_samples
    widest = max(map(_reach, config.resblock_kernel_sizes, config.resblock_dilation_sizes))
    for stage, (rate, kernel) in enumerate(zip(config.upsample_rates, config.upsample_kernel_sizes, strict=True)):
        reach += math.ceil(kernel / rate / 2) * step
        step //= rate
        source = _reach(config.source_kernel_sizes[stage], config.source_dilation_sizes[stage]) + 1
        reach += (widest + source) * step
    windows = math.ceil(config.gen_istft_n_fft / config.gen_istft_hop_size)
    return math.ceil((reach + (END_KERNEL // 2 + 2 * windows + 1) * step) / hop_samples)


def _reach(kernel: int, dilations: Sequence[int]) -> int:
    return (kernel - 1) // 2 * sum(dilation + 1 for dilation in dilations)
