"""Parameters, cost and receptive field of a UnivNet generator, from its config."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from vocolab.mels.conventions import convention
from vocolab.mels.spec import MelSpec
from vocolab.networks.sizes import Cost, Sizes, convolution
from vocolab_univnet.config import UnivNetConfig

END_KERNEL, LAYER_KERNEL, PREDICTOR_KERNEL, PREDICTOR_BLOCKS = 7, 3, 5, 3


def sizes(config: Mapping[str, Any], mel_spec: MelSpec | None) -> Sizes:
    """The sizes of a voice's config; without one, those of the published model."""
    spec = mel_spec or replace(convention("hifigan-22k"), sample_rate=24_000, n_mels=100, fmax_hz=12_000.0)
    known = UnivNetConfig.model_validate(dict(config))
    return cost(known, spec).sizes(context_frames(known, spec.hop_samples), frame_rate_hz=spec.frame_rate_hz)


def cost(config: UnivNetConfig, spec: MelSpec) -> Cost:
    """Of all convolutions; the location-variable ones have no weights of their own and are not counted."""
    frames_hz, width, layers = spec.frame_rate_hz, config.channel_size, len(config.dilations)
    total, rate_hz = convolution(config.noise_dim, width, END_KERNEL, frames_hz), frames_hz
    inner, taps = config.kpnet_channels, config.kpnet_conv_size
    predictor = convolution(spec.n_mels, inner, PREDICTOR_KERNEL, frames_hz)
    predictor += convolution(inner, inner, taps, frames_hz) * (2 * PREDICTOR_BLOCKS)
    predictor += convolution(inner, layers * 2 * width * (width * LAYER_KERNEL + 1), taps, frames_hz)
    for stride in config.strides:
        total += predictor + convolution(width, width, 2 * stride, rate_hz)
        rate_hz *= stride
        total += convolution(width, width, LAYER_KERNEL, rate_hz) * layers
    return total + convolution(width, 1, END_KERNEL, rate_hz)


def context_frames(config: UnivNetConfig, hop_samples: int) -> int:
    """Frames on either side that a sample depends on, from the reach of every layer at its own rate."""
    step, reach = hop_samples, END_KERNEL // 2 * hop_samples
    for stride in config.strides:
        reach += step
        step //= stride
        reach += sum(dilation + 1 for dilation in config.dilations) * step
    reach += END_KERNEL // 2 * step
    predictor = PREDICTOR_KERNEL // 2 + (2 * PREDICTOR_BLOCKS + 1) * (config.kpnet_conv_size // 2)
    # A sample takes the kernels of its own frame in every layer, so the mel reaches as far as layers do, and on.
    return math.ceil(reach / hop_samples) + predictor
