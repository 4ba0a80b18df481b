"""Kernels, dilations and reach of the network, as numbers: all that can be said of it without torch."""

from __future__ import annotations

import math

from vocolab_diffwave.config import DiffWaveConfig

DILATED_KERNEL = 3
ENCODER_KERNEL = 5
STEP_FEATURES = 128
"""Sines and cosines that a step is told by."""
UPSAMPLER_CONTEXT_FRAMES = 2
ENCODER_CONTEXT_FRAMES = 2 * (ENCODER_KERNEL // 2)


def factor_pair(hop_samples: int) -> tuple[int, int]:
    """The two factors of the hop that are closest to each other, the smaller first: 16 and 16 for 256."""
    small = next(n for n in range(math.isqrt(hop_samples), 0, -1) if hop_samples % n == 0)
    return small, hop_samples // small


def stage_kernel(factor: int) -> int:
    """The kernel of an upsampling stage: twice an even factor as published, one more for an odd one.

    Kernel minus factor is even then, so that the kernel stands centred and the length is exactly `factor` times.
    """
    return 2 * factor + factor % 2


def dilations(config: DiffWaveConfig) -> list[int]:
    """The dilation of every layer: doubling, and starting again after a cycle."""
    return [2 ** (index % config.dilation_cycle_length) for index in range(config.residual_layers)]


def reach_groups(config: DiffWaveConfig) -> int:
    """Groups on either side that an estimate depends on."""
    return DILATED_KERNEL // 2 * sum(dilations(config))


def mel_context_frames(config: DiffWaveConfig) -> int:
    """Frames on either side that the mel at the network's rate depends on."""
    return UPSAMPLER_CONTEXT_FRAMES if config.samples_per_group == 1 else ENCODER_CONTEXT_FRAMES
