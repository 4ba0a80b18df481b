"""Parameters, cost and receptive field of an NSF-HiFi-GAN generator, from its config."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from math import prod
from typing import Any

from vocolab.mels.conventions import convention
from vocolab.mels.spec import MelSpec
from vocolab.networks.sizes import Cost, Sizes, convolution
from vocolab_nsf_hifigan.config import NsfHifiGanConfig

END_KERNEL = 7


def published_spec() -> MelSpec:
    """The convention of the published models: 44.1 kHz, 128 bands of 40 to 16000 Hz."""
    return replace(
        convention("hifigan-22k"), sample_rate=44_100, n_fft=2048, win_samples=2048, hop_samples=512, n_mels=128,
        fmin_hz=40.0, fmax_hz=16_000.0, magnitude_eps=0.0,
    )


def sizes(config: Mapping[str, Any], mel_spec: MelSpec | None) -> Sizes:
    """The sizes of a voice's config; without one, those of the published model."""
    spec = mel_spec or published_spec()
    known = NsfHifiGanConfig.model_validate(dict(config))
    return cost(known, spec).sizes(context_frames(known, spec.hop_samples), frame_rate_hz=spec.frame_rate_hz)


def cost(config: NsfHifiGanConfig, spec: MelSpec) -> Cost:
    """Of all convolutions."""
    rate_hz, width = spec.frame_rate_hz, config.upsample_initial_channel
    total = convolution(spec.n_mels, width, END_KERNEL, rate_hz)
    a_pair = 2 if config.resblock == "1" else 1
    for stage, (rate, kernel) in enumerate(zip(config.upsample_rates, config.upsample_kernel_sizes, strict=True)):
        total += convolution(width, width // 2, kernel, rate_hz)
        rate_hz, width = rate_hz * rate, width // 2
        if source := source_kernel(config, stage):
            total += convolution(1, width, source[0], rate_hz)
        for size, dilations in zip(config.resblock_kernel_sizes, config.resblock_dilation_sizes, strict=True):
            total += convolution(width, width, size, rate_hz) * (a_pair * len(dilations))
    return total + convolution(width, 1, END_KERNEL, rate_hz)


def source_kernel(config: NsfHifiGanConfig, stage: int) -> tuple[int, int] | None:
    """Taps and stride with which the source joins after a stage; None where it does not."""
    if config.mini_nsf:
        return (1, 1) if stage == 1 else None
    left = prod(config.upsample_rates[stage + 1 :])
    return (2 * left, left) if left > 1 else (1, 1)


def context_frames(config: NsfHifiGanConfig, hop_samples: int) -> int:
    """Frames on either side that a sample depends on; the source's phase alone comes from further back, carried on."""
    step, reach = hop_samples, END_KERNEL // 2 * hop_samples
    undilated = 1 if config.resblock == "1" else 0
    widest = max(
        (size - 1) // 2 * sum(dilation + undilated for dilation in dilations)
        for size, dilations in zip(config.resblock_kernel_sizes, config.resblock_dilation_sizes, strict=True)
    )
    for rate, kernel in zip(config.upsample_rates, config.upsample_kernel_sizes, strict=True):
        reach += math.ceil(kernel / rate / 2) * step
        step //= rate
        reach += (widest + 1) * step  # one more for what the source's convolution looks beyond a step
    return math.ceil((reach + END_KERNEL // 2 * step) / hop_samples)
