"""The published sizes with random weights, which take as long as trained ones. Imports torch."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch

from vocolab.mels.conventions import convention
from vocolab.networks.weights import network_tensors
from vocolab.voice import Voice
from vocolab_hifigan.config import HifiGanConfig
from vocolab_hifigan.generator import HifiGanGenerator

_V1 = HifiGanConfig()
_V2 = HifiGanConfig(upsample_initial_channel=128)
_V3 = HifiGanConfig(
    resblock="2", upsample_rates=[8, 8, 4], upsample_kernel_sizes=[16, 16, 8], upsample_initial_channel=256,
    resblock_kernel_sizes=[3, 5, 7], resblock_dilation_sizes=[[1, 2], [2, 6], [3, 12]],
)


def untrained() -> dict[str, Callable[[], Voice]]:
    """V1, V2 and V3 of Kong, Kim and Bae (2020), table 4."""
    return {name: partial(_random, config) for name, config in (("v1", _V1), ("v2", _V2), ("v3", _V3))}


def _random(config: HifiGanConfig) -> Voice:
    spec = convention("hifigan-22k")
    torch.manual_seed(0)
    return Voice("hifigan", config.model_dump(), spec, network_tensors(HifiGanGenerator(config, spec)))
