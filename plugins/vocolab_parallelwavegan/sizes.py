"""Parameters, cost and receptive field of a Parallel WaveGAN generator, from its config."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from vocolab.mels.conventions import convention
from vocolab.mels.spec import MelSpec
from vocolab.networks.sizes import Cost, Sizes, convolution
from vocolab_parallelwavegan.config import ParallelWaveGanConfig


def sizes(config: Mapping[str, Any], mel_spec: MelSpec | None) -> Sizes:
    """The sizes of a voice's config; without one, those of the published model."""
    spec = mel_spec or convention("pwg-22k")
    known = ParallelWaveGanConfig.model_validate(dict(config))
    return cost(known, spec).sizes(context_frames(known, spec.hop_samples), frame_rate_hz=spec.frame_rate_hz)


def cost(config: ParallelWaveGanConfig, spec: MelSpec) -> Cost:
    """Of all convolutions."""
    bands, rate_hz, steps_hz = spec.n_mels, float(spec.sample_rate), spec.frame_rate_hz
    total = convolution(bands, bands, 2 * config.aux_context_window + 1, steps_hz, bias=False)
    for scale in config.upsample_scales:
        steps_hz *= scale
        total += convolution(1, 1, 2 * scale + 1, steps_hz, bias=False)
    width, gate, skip = config.residual_channels, config.gate_channels, config.skip_channels
    total += convolution(1, width, 1, rate_hz)
    layer = convolution(width, gate, config.kernel_size, rate_hz) + convolution(bands, gate, 1, rate_hz, bias=False)
    layer += convolution(gate // 2, width, 1, rate_hz) + convolution(gate // 2, skip, 1, rate_hz)
    return total + layer * config.layers + convolution(skip, skip, 1, rate_hz) + convolution(skip, 1, 1, rate_hz)


def context_frames(config: ParallelWaveGanConfig, hop_samples: int) -> int:
    """Frames on either side that a sample depends on: the WaveNet's reach, then the upsampling's and the mel's."""
    a_stack = config.layers // config.stacks
    reach = (config.kernel_size - 1) // 2 * (2**a_stack - 1) * config.stacks
    step = hop_samples
    for scale in config.upsample_scales:
        reach += step  # `scale` taps of the finer step
        step //= scale
    return math.ceil(reach / hop_samples) + config.aux_context_window
