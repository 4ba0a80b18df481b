"""Parameters, cost and receptive field of a WaveGlow, from its config."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from vocolab.mels.conventions import convention
from vocolab.mels.spec import MelSpec
from vocolab.networks.sizes import Cost, Sizes, convolution, total
from vocolab_waveglow.config import WaveGlowConfig

MEL_KERNEL_FRAMES = 3


def sizes(config: Mapping[str, Any], mel_spec: MelSpec | None) -> Sizes:
    """The sizes of a voice's config; without one, those of the published model with 256 channels."""
    spec = mel_spec or convention("tacotron2-22k")
    known = WaveGlowConfig.model_validate(dict(config))
    return cost(known, spec).sizes(context_frames(known, spec), frame_rate_hz=spec.frame_rate_hz)


def cost(config: WaveGlowConfig, spec: MelSpec) -> Cost:
    """Of all convolutions. The flow works at the rate of groups, the upsampling starts from the rate of frames."""
    group_rate_hz = spec.sample_rate / config.n_group
    inputs = conditioning_channels(config, spec)
    flows = (_flow(config, channels, inputs, group_rate_hz) for channels in config.channels())
    return _conditioning(config, spec) + total(*flows)


def conditioning_channels(config: WaveGlowConfig, spec: MelSpec) -> int:
    """What a coupling network is conditioned on a group: all samples' mels, or the mel network's width."""
    return config.conditioning_channels or spec.n_mels * config.n_group


def upsampling_steps(config: WaveGlowConfig, spec: MelSpec) -> tuple[int, int, int]:
    """Kernel and stride of the mel upsampling, and how many of its steps a group has.

    As published a step is a sample; behind a mel network it is a group.
    """
    if not config.conditioning_channels:
        return config.upsample_kernel_samples, spec.hop_samples, config.n_group
    return max(config.upsample_kernel_samples // config.n_group, 1), spec.hop_samples // config.n_group, 1


def context_frames(config: WaveGlowConfig, spec: MelSpec) -> int:
    """Frames on either side that a sample depends on.

    Every flow looks as far as its coupling network's dilations add up to, in groups; then come the frames that the
    upsampling looks back, and the mel network's reach. The energy prior looks one frame to either side.
    """
    reach_groups: int = config.n_flows * (config.kernel_size - 1) // 2 * ((1 << config.n_layers) - 1)
    kernel, stride, _ = upsampling_steps(config, spec)
    frames_back = math.ceil(kernel / stride) - 1
    mel_frames = config.conditioning_layers * (MEL_KERNEL_FRAMES // 2)
    return max(math.ceil(reach_groups * config.n_group / spec.hop_samples) + frames_back + mel_frames, 1)


def _conditioning(config: WaveGlowConfig, spec: MelSpec) -> Cost:
    rate_hz, width = spec.frame_rate_hz, config.conditioning_channels or spec.n_mels
    kernel, _, _ = upsampling_steps(config, spec)
    upsampling = convolution(width, width, kernel, rate_hz)
    if not config.conditioning_channels:
        return upsampling
    layer = convolution(width, width, MEL_KERNEL_FRAMES, rate_hz)
    return upsampling + convolution(spec.n_mels, width, 1, rate_hz) + layer * config.conditioning_layers


def _flow(config: WaveGlowConfig, channels: int, conditioning: int, rate_hz: float) -> Cost:
    width, layers, half = config.n_channels, config.n_layers, channels // 2
    return total(
        convolution(channels, channels, 1, rate_hz, bias=False),
        convolution(half, width, 1, rate_hz),
        convolution(conditioning, 2 * width * layers, 1, rate_hz),
        convolution(width, 2 * width, config.kernel_size, rate_hz) * layers,
        convolution(width, 2 * width, 1, rate_hz) * (layers - 1),
        convolution(width, width, 1, rate_hz),
        convolution(width, channels, 1, rate_hz),
    )
