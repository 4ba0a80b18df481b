"""Parameters, cost and receptive field of a Vocos generator, from its config."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from vocolab.mels.conventions import convention
from vocolab.mels.spec import MelSpec
from vocolab.networks.sizes import Cost, Sizes, convnext, convnext_reach, convolution
from vocolab_vocos.config import VocosConfig

_PUBLISHED = {"dim": 512, "intermediate_dim": 1536, "num_layers": 8}

MAGNITUDE_LIMIT = 1e2
"""Of a bin."""


def sizes(config: Mapping[str, Any], mel_spec: MelSpec | None) -> Sizes:
    """The sizes of a voice's config; without one, those of the published model for 24 kHz."""
    spec = mel_spec or convention("vocos-24k")
    known = VocosConfig.model_validate(dict(config or _PUBLISHED))
    return cost(known, spec).sizes(context_frames(known, spec), frame_rate_hz=spec.frame_rate_hz)


def cost(config: VocosConfig, spec: MelSpec) -> Cost:
    """Of all convolutions and linear layers; everything works at the frame rate."""
    rate_hz, dim = spec.frame_rate_hz, config.dim
    backbone = convnext(spec.n_mels, dim, config.intermediate_dim, config.num_layers, rate_hz)
    return backbone + convolution(dim, spec.n_fft + 2, 1, rate_hz)


def context_frames(config: VocosConfig, spec: MelSpec) -> int:
    """Frames on either side that a sample depends on: one kernel's reach a convolution, and the head's windows."""
    return convnext_reach(config.num_layers) + math.ceil(spec.n_fft / spec.hop_samples)
