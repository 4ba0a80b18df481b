"""Voices of every vocoder, small enough to be built in a test; their weights are random."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from vocolab.mels.conventions import convention
from vocolab.mels.spec import MelSpec
from vocolab.networks.weights import network_tensors
from vocolab.voice import Voice
from vocolab_bigvgan.config import BigVganConfig
from vocolab_bigvgan.generator import BigVganGenerator
from vocolab_diffwave.config import DiffWaveConfig
from vocolab_diffwave.network import DiffWave
from vocolab_harmonic.config import HarmonicConfig
from vocolab_harmonic.network import HarmonicGenerator
from vocolab_hifigan.config import HifiGanConfig
from vocolab_hifigan.generator import HifiGanGenerator
from vocolab_hiftnet.config import HiftConfig
from vocolab_hiftnet.generator import HiftGenerator
from vocolab_melgan.config import MelGanConfig
from vocolab_melgan.generator import MelGanGenerator
from vocolab_nsf_hifigan.config import NsfHifiGanConfig
from vocolab_nsf_hifigan.generator import NsfHifiGanGenerator
from vocolab_parallelwavegan.config import ParallelWaveGanConfig
from vocolab_parallelwavegan.generator import ParallelWaveGanGenerator
from vocolab_univnet.config import UnivNetConfig
from vocolab_univnet.generator import UnivNetGenerator
from vocolab_vocos.config import VocosConfig
from vocolab_vocos.generator import VocosGenerator
from vocolab_waveglow.config import WaveGlowConfig
from vocolab_waveglow.network import WaveGlow

SPEC = convention("hifigan-22k")
_TWO_STAGES = {"upsample_rates": [16, 16], "upsample_kernel_sizes": [32, 32], "upsample_initial_channel": 8}
_ONE_BLOCK = {"resblock_kernel_sizes": [3], "resblock_dilation_sizes": [[1, 3]]}


def voice(name: str) -> Voice:
    """The voice that a name of `VOICES` or `OTHERS` means."""
    vocoder, network, config, spec = {**VOICES, **OTHERS}[name]
    torch.manual_seed(1)
    return Voice(vocoder, config.model_dump(), spec, network_tensors(network(config, spec)))


Kind = tuple[str, Callable[[Any, MelSpec], nn.Module], Any, MelSpec]
"""Vocoder, network, its config, convention."""

VOICES: dict[str, Kind] = {
    "hifigan": ("hifigan", HifiGanGenerator, HifiGanConfig(**_TWO_STAGES, **_ONE_BLOCK), SPEC),
    "hifigan, published iSTFT head": (
        "hifigan", HifiGanGenerator,
        HifiGanConfig(
            upsample_rates=[8, 8], upsample_kernel_sizes=[16, 16], upsample_initial_channel=16, gen_istft_n_fft=16,
            gen_istft_hop_size=4, **_ONE_BLOCK,
        ),
        SPEC,
    ),
    "hifigan, large iSTFT head": (
        "hifigan", HifiGanGenerator,
        HifiGanConfig(
            upsample_rates=[2], upsample_kernel_sizes=[4], upsample_initial_channel=16, gen_istft_n_fft=512,
            gen_istft_hop_size=128, gen_istft_phase="angle", gen_istft_padding="same", **_ONE_BLOCK,
        ),
        SPEC,
    ),
    "hifigan, reflecting": (
        "hifigan", HifiGanGenerator, HifiGanConfig(**_TWO_STAGES, **_ONE_BLOCK, conv_padding="reflect"), SPEC,
    ),
    "vocos": ("vocos", VocosGenerator, VocosConfig(dim=16, intermediate_dim=24, num_layers=2), SPEC),
    "vocos, published convention": (
        "vocos", VocosGenerator, VocosConfig(dim=16, intermediate_dim=24, num_layers=1), convention("vocos-24k"),
    ),
    "bigvgan": ("bigvgan", BigVganGenerator, BigVganConfig(**_TWO_STAGES, **_ONE_BLOCK), SPEC),
    "melgan": ("melgan", MelGanGenerator, MelGanConfig(channels=32, blocks=2), SPEC),
    "melgan, bands": (
        "melgan", MelGanGenerator, MelGanConfig(upsample_rates=[8, 8], channels=16, blocks=2, bands=4), SPEC,
    ),
    "parallelwavegan": (
        "parallelwavegan", ParallelWaveGanGenerator,
        ParallelWaveGanConfig(layers=4, stacks=2, residual_channels=8, gate_channels=8, skip_channels=8), SPEC,
    ),
    "univnet": ("univnet", UnivNetGenerator, UnivNetConfig(noise_dim=8, channel_size=4, kpnet_channels=8), SPEC),
    "nsf-hifigan": (
        "nsf-hifigan", NsfHifiGanGenerator, NsfHifiGanConfig(**_TWO_STAGES, **_ONE_BLOCK, harmonics=3), SPEC,
    ),
    "pc-nsf-hifigan": (
        "pc-nsf-hifigan", NsfHifiGanGenerator, NsfHifiGanConfig(**_TWO_STAGES, **_ONE_BLOCK, mini_nsf=True), SPEC,
    ),
    "waveglow": (
        "waveglow", WaveGlow,
        WaveGlowConfig(n_flows=3, n_early_every=2, n_channels=8, n_layers=2, upsample_kernel_samples=512), SPEC,
    ),
    "waveglow, own": (
        "waveglow", WaveGlow,
        WaveGlowConfig(
            n_flows=2, n_group=32, n_channels=8, n_layers=2, conditioning_channels=16, conditioning_layers=1,
            energy_prior="mel",
        ),
        SPEC,
    ),
    "diffwave": (
        "diffwave", DiffWave, DiffWaveConfig(residual_layers=3, residual_channels=8, dilation_cycle_length=2), SPEC,
    ),
    "diffwave, own": (
        "diffwave", DiffWave,
        DiffWaveConfig(
            residual_layers=2, residual_channels=8, samples_per_group=64, fold="mdct", prior="mel", predict="v",
            noise_schedule="cosine", sampler="ddim", sampler_steps=4, conditioner_channels=16,
        ),
        SPEC,
    ),
}
"""Those that can be exported."""

OTHERS: dict[str, Kind] = {
    "harmonic": (
        "harmonic", HarmonicGenerator, HarmonicConfig(dim=8, intermediate_dim=8, num_layers=1, pitch_channels=4), SPEC,
    ),
    "hiftnet": (
        "hiftnet", HiftGenerator,
        HiftConfig(
            upsample_initial_channel=8, source_dilation_sizes=[[1], [1]], f0_network="convolutions", f0_channels=4,
            **_ONE_BLOCK,
        ),
        SPEC,
    ),
}
