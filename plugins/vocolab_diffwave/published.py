"""The published network with random weights, which take as long as trained ones, and its rendering as published."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from vocolab.mels.conventions import convention
from vocolab.networks.weights import network_tensors
from vocolab.voice import Voice
from vocolab_diffwave.config import DiffWaveConfig
from vocolab_diffwave.latents import Latents
from vocolab_diffwave.network import DiffWave as Network
from vocolab_diffwave.options import DiffWaveOptions
from vocolab_diffwave.plan import Plan
from vocolab_diffwave.samplers.estimate import Estimate, parts
from vocolab_diffwave.sampling import sample, white_noise
from vocolab_diffwave.schedules import Level
from vocolab_diffwave.vocoder import build_network

_SPREAD = 0.05
"""Of the last layer's weights, which begin at 0: a network that estimates nothing would be no measure."""


def untrained() -> dict[str, Callable[[], Voice]]:
    """DiffWave base, 30 layers of 64 channels, 6 steps of the fast schedule, at 22.05 kHz."""
    return {"base": _random}


def _random() -> Voice:
    spec, config = convention("diffwave-22k"), DiffWaveConfig()
    torch.manual_seed(0)
    network = Network(config, spec)
    nn.init.normal_(network.output_projection.weight, std=_SPREAD)
    return Voice("diffwave", config.model_dump(), spec, network_tensors(network))


def plain(voice: Voice) -> PlainSampling:
    """What samples as published: all of the audio in one pass a step.

    Raises:
        CheckpointError: if the config doesn't fit the mels or the weights.
    """
    return PlainSampling(build_network(voice))


class PlainSampling(nn.Module):
    """Mel (1, n_mels, frames) to audio (1, frames * hop_samples); the mel is upsampled and projected at every step."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network
        self.plan, self.latents = Plan.of(DiffWaveOptions(), network.config), Latents(network.config, network.spec)

    def forward(self, mel: Tensor) -> Tensor:
        """With the noise of seed 0."""
        network, frames = self.network, mel.shape[2]
        noise = white_noise(network.spec.hop_samples, self.latents.group, 0, frames, 0)

        def estimate(noisy: Tensor, level: Level, spans: object = None) -> Estimate:
            output = network(noisy, torch.tensor([level.step]), network.condition(network.upsampled(mel)))
            return parts(noisy, output, level, network.config.predict)

        return self.latents.decode(sample(self.plan, estimate, noise, (0, frames)), mel)
