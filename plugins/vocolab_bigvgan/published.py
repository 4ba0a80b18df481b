"""A published size with random weights, which take as long as trained ones. Imports torch."""

from __future__ import annotations

from collections.abc import Callable

import torch

from vocolab.mels.conventions import convention
from vocolab.networks.weights import network_tensors
from vocolab.voice import Voice
from vocolab_bigvgan.config import BigVganConfig
from vocolab_bigvgan.generator import BigVganGenerator

_BASE = BigVganConfig(
    upsample_rates=[8, 8, 2, 2], upsample_kernel_sizes=[16, 16, 4, 4], upsample_initial_channel=512,
)


def untrained() -> dict[str, Callable[[], Voice]]:
    """BigVGAN base, 14 M parameters, at 22.05 kHz."""
    return {"base": _random}


def _random() -> Voice:
    spec = convention("hifigan-22k")
    torch.manual_seed(0)
    return Voice("bigvgan", _BASE.model_dump(), spec, network_tensors(BigVganGenerator(_BASE, spec)))
