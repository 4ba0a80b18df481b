"""A small harmonic-plus-noise voice with random weights: it has the structure, and no speech comes out of it."""

from __future__ import annotations

import numpy as np
import torch

from vocolab.mels.conventions import convention
from vocolab.mels.spec import MelSpec
from vocolab.networks.weights import network_tensors
from vocolab.voice import Voice
from vocolab_harmonic.config import HarmonicConfig
from vocolab_harmonic.network import fresh
from vocolab_harmonic.options import HarmonicOptions
from vocolab_harmonic.vocoder import Harmonic

SPEC = convention("hifigan-22k")
SMALL = {"dim": 16, "intermediate_dim": 32, "num_layers": 2, "pitch_channels": 16, "pitch_bins": 64}


def small_voice(spec: MelSpec = SPEC, seed: int = 0, **sizes: int) -> Voice:
    torch.manual_seed(seed)
    config = HarmonicConfig(**{**SMALL, **sizes})
    network = fresh(config, spec)
    with torch.no_grad():
        network.pitch.last.weight *= 30  # sure of what it reads, and some of it voiced
    return Voice("harmonic", config.model_dump(), spec, network_tensors(network))


def small(spec: MelSpec = SPEC, **options: float) -> Harmonic:
    """The vocoder, with its options."""
    return Harmonic(HarmonicOptions(**options), small_voice(spec))


def pulses_alone(spec: MelSpec = SPEC, **options: float) -> Harmonic:
    """One whose filters are the same everywhere: pulses as they are, and noise 60 dB below them."""
    vocoder = small(spec, **options)
    bins = spec.n_fft // 2 + 1
    with torch.no_grad():
        vocoder.network.out.weight.zero_()
        vocoder.network.out.bias.zero_()
        vocoder.network.out.bias[2 * bins :] = -6.9
    return vocoder


def noise_alone(spec: MelSpec = SPEC) -> Harmonic:
    """One whose pulses are 90 dB down."""
    vocoder = small(spec)
    bins = spec.n_fft // 2 + 1
    with torch.no_grad():
        vocoder.network.out.weight.zero_()
        vocoder.network.out.bias.zero_()
        vocoder.network.out.bias[:bins] = -10.4
    return vocoder


def some_mel(frames: int, spec: MelSpec = SPEC, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).uniform(-8, 0, (spec.n_mels, frames)).astype(np.float32)
