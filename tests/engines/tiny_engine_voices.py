"""Voices that engines run, small enough to be compiled in a test; their weights are random."""

from __future__ import annotations

import torch

from vocolab.mels.conventions import convention
from vocolab.networks.weights import network_tensors
from vocolab.voice import Voice
from vocolab_hifigan.config import HifiGanConfig
from vocolab_hifigan.generator import HifiGanGenerator
from vocolab_vocos.config import VocosConfig
from vocolab_vocos.generator import VocosGenerator

SPEC = convention("hifigan-22k")


def hifigan(**more: object) -> Voice:
    """A HiFi-GAN of two stages."""
    config = HifiGanConfig(
        upsample_rates=[16, 16], upsample_kernel_sizes=[32, 32], upsample_initial_channel=8, resblock_kernel_sizes=[3],
        resblock_dilation_sizes=[[1, 3]], **more,  # type: ignore[arg-type]
    )
    torch.manual_seed(1)
    return Voice("hifigan", config.model_dump(), SPEC, network_tensors(HifiGanGenerator(config, SPEC)))


def with_head(padding: str, conv_padding: str = "zeros") -> Voice:
    """A HiFi-GAN whose head is an inverse STFT of two spectra a mel frame."""
    config = HifiGanConfig(
        upsample_rates=[2], upsample_kernel_sizes=[4], upsample_initial_channel=8, resblock_kernel_sizes=[3],
        resblock_dilation_sizes=[[1, 3]], gen_istft_n_fft=512, gen_istft_hop_size=128, conv_padding=conv_padding,
        gen_istft_padding=padding,  # type: ignore[arg-type]
    )
    torch.manual_seed(3)
    return Voice("hifigan", config.model_dump(), SPEC, network_tensors(HifiGanGenerator(config, SPEC)))


def vocos(convention_name: str = "hifigan-22k") -> Voice:
    """A Vocos of two blocks."""
    spec = convention(convention_name)
    config = VocosConfig(dim=16, intermediate_dim=24, num_layers=2)
    torch.manual_seed(2)
    return Voice("vocos", config.model_dump(), spec, network_tensors(VocosGenerator(config, spec)))
