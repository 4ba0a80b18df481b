"""Parameters, cost and receptive field of a Vocos generator, from its config."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from vocolab.mels.conventions import convention
from vocolab.mels.spec import MelSpec
from vocolab.networks.sizes import Cost, Sizes, convolution, scales
from vocolab_vocos.config import VocosConfig

KERNEL = 7
_PUBLISHED = {"dim": 512, "intermediate_dim": 1536, "num_layers": 8}


def sizes(config: Mapping[str, Any], mel_spec: MelSpec | None) -> Sizes:
    """The sizes of a voice's config; without one, those of the published model for 24 kHz."""
    spec = mel_spec or convention("vocos-24k")
    known = VocosConfig.model_validate(dict(config or _PUBLISHED))
    return cost(known, spec).sizes(context_frames(known, spec), frame_rate_hz=spec.frame_rate_hz)


def cost(config: VocosConfig, spec: MelSpec) -> Cost:
    """Of all convolutions and linear layers; everything works at the frame rate."""
    rate_hz, dim, inner = spec.frame_rate_hz, config.dim, config.intermediate_dim
    norm = scales(2 * dim)
    block = (
        convolution(dim, dim, KERNEL, rate_hz, groups=dim) + norm
        + convolution(dim, inner, 1, rate_hz) + convolution(inner, dim, 1, rate_hz) + scales(dim)
    )
    embedding = convolution(spec.n_mels, dim, KERNEL, rate_hz) + norm
    return embedding + block * config.num_layers + norm + convolution(dim, spec.n_fft + 2, 1, rate_hz)


def context_frames(config: VocosConfig, spec: MelSpec) -> int:
    """Frames on either side that a sample depends on: one kernel's reach a convolution, and the head's windows."""
    convolutions = 1 + config.num_layers
    return convolutions * (KERNEL // 2) + math.ceil(spec.n_fft / spec.hop_samples)
