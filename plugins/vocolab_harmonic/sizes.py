"""Parameters, cost and receptive field of a harmonic-plus-noise generator, from its config."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from vocolab.mels.conventions import convention
from vocolab.mels.spec import MelSpec
from vocolab.networks.sizes import Cost, Sizes, convnext, convnext_reach, convolution, scales, total
from vocolab_harmonic.config import HarmonicConfig

DILATIONS = (1, 2, 4, 2, 1)
"""Of the blocks that read F0."""
PITCH_KERNEL, PITCH_FIRST_KERNEL = 5, 3
HORIZON_FRAMES, HORIZON_AHEAD_FRAMES = 4, 2
"""How far away frames before and after a frame have a say in which F0 its path takes."""
REACH_FRAMES = 2
"""For how long pulses go on before and after voiced frames."""
MARGIN_FRAMES = REACH_FRAMES + 2
"""Frames beyond a frame whose F0 has a say in its pulses."""
MAGNITUDE_LIMIT = 1e2
"""Of a filter."""
F0_OFFSET, F0_SCALE = 5.2, 0.3
"""The backbone is told of the logarithm of F0 in Hz, less the one, over the other."""
RESTING_HZ = 150.0
"""F0 runs at this where no pulse is heard."""
NEAR_ZERO = 1e-4
"""Of a sine: the pulse is at its top."""
AROUND_BINS = 3
"""Bins on either side of the best one that are averaged."""
VOICED = 0.5
"""Probability from which on a frame is voiced."""
STEP_BINS = 2
"""F0 may move by as many bins from frame to frame at no cost."""
JUMP_NATS = 4.0
"""What any further move costs."""


def sizes(config: Mapping[str, Any], mel_spec: MelSpec | None) -> Sizes:
    """The sizes of a voice's config; without one, those of the default."""
    spec = mel_spec or convention("hifigan-22k")
    known = HarmonicConfig.model_validate(dict(config))
    ahead = ahead_frames(known, spec)
    return cost(known, spec).sizes(context_frames(known, spec), frame_rate_hz=spec.frame_rate_hz, ahead_frames=ahead)


def cost(config: HarmonicConfig, spec: MelSpec) -> Cost:
    """Of all convolutions and linear layers; everything works at the frame rate."""
    return _pitch_cost(config, spec) + _filters_cost(config, spec)


def _filters_cost(config: HarmonicConfig, spec: MelSpec) -> Cost:
    rate_hz, dim = spec.frame_rate_hz, config.dim
    backbone = convnext(spec.n_mels + 2, dim, config.intermediate_dim, config.num_layers, rate_hz)
    return backbone + convolution(dim, 3 * (spec.n_fft // 2 + 1), 1, rate_hz)


def _pitch_cost(config: HarmonicConfig, spec: MelSpec) -> Cost:
    rate_hz, channels = spec.frame_rate_hz, config.pitch_channels
    block = total(
        scales(2 * channels), convolution(channels, channels, PITCH_KERNEL, rate_hz),
        convolution(channels, channels, 1, rate_hz),
    )
    first = convolution(spec.n_mels, channels, PITCH_FIRST_KERNEL, rate_hz)
    return first + block * len(DILATIONS) + convolution(channels, config.pitch_bins + 1, 1, rate_hz)


def pitch_ahead_frames(config: HarmonicConfig) -> int:
    """Frames after a frame that its F0 depends on."""
    return PITCH_FIRST_KERNEL // 2 + config.pitch_ahead * sum(DILATIONS) + HORIZON_AHEAD_FRAMES


def pitch_context_frames(config: HarmonicConfig) -> int:
    """Frames before a frame that its F0 depends on: no fewer than after it."""
    return PITCH_FIRST_KERNEL // 2 + (PITCH_KERNEL - 1 - config.pitch_ahead) * sum(DILATIONS) + HORIZON_FRAMES


def context_frames(config: HarmonicConfig, spec: MelSpec) -> int:
    """Frames on either side that a sample depends on; the pulses' phase alone comes from further back, carried on."""
    return pitch_context_frames(config) + synthesis_context_frames(config, spec)


def ahead_frames(config: HarmonicConfig, spec: MelSpec) -> int:
    """Frames after a sample that it depends on, among them one more whose F0 a stream waits for."""
    return pitch_ahead_frames(config) + 1 + synthesis_ahead_frames(config, spec)


def synthesis_context_frames(config: HarmonicConfig, spec: MelSpec) -> int:
    """The same where F0 is known: the pulses' reach, the backbone, the windows."""
    return REACH_FRAMES + 1 + convnext_reach(config.num_layers) + math.ceil(spec.n_fft / spec.hop_samples)


def synthesis_ahead_frames(config: HarmonicConfig, spec: MelSpec) -> int:
    """Those of them that come after the sample."""
    return REACH_FRAMES + 1 + convnext_reach(config.num_layers) + math.ceil(spec.front_samples / spec.hop_samples)
