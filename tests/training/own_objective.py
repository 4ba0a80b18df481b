"""A trainable with an objective of its own, as small as one can be: it learns to take noise off a recording."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Generator, Tensor, nn

from vocolab.mels.spec import MelSpec
from vocolab.options import Options, make_options
from vocolab.training.tasks.task import SegmentBatch
from vocolab.voice import Voice


class Config(Options):
    width: int = 8


class Network(nn.Module):
    def __init__(self, config: Config, spec: MelSpec) -> None:
        super().__init__()
        self.hop_samples = spec.hop_samples
        self.of_mel = nn.Conv1d(spec.n_mels, config.width, 1)
        self.of_audio = nn.Conv1d(1, config.width, 9, padding=4)
        self.dropout = nn.Dropout(0.1)  # what is random without being asked
        self.out = nn.Conv1d(config.width, 1, 9, padding=4)

    def denoise(self, noisy: Tensor, mel: Tensor) -> Tensor:
        condition = self.of_mel(mel).repeat_interleave(self.hop_samples, dim=2)
        return self.out(self.dropout(torch.tanh(self.of_audio(noisy[:, None]) + condition)))[:, 0]


class Denoiser:
    def __init__(self, config: Config, mel_spec: MelSpec) -> None:
        self.config, self.mel_spec = config, mel_spec
        self.network = Network(config, mel_spec)

    def export(self, state: Mapping[str, Any]) -> Voice:
        tensors = {name: tensor.numpy() for name, tensor in state.items()}
        return Voice("denoiser", self.config.model_dump(), self.mel_spec, tensors)

    def render(self, network: nn.Module, mel: Tensor, seed: int = 0) -> Tensor:
        assert isinstance(network, Network)
        random = Generator(mel.device).manual_seed(seed)
        samples = (mel.shape[0], mel.shape[2] * self.mel_spec.hop_samples)
        return network.denoise(torch.randn(samples, generator=random, device=mel.device), mel)

    def loss(self, network: nn.Module, batch: SegmentBatch) -> tuple[Tensor, dict[str, Tensor]]:
        assert isinstance(network, Network)
        audio = batch.audio
        noise = 0.1 * torch.randn(audio.shape, generator=batch.random, device=audio.device)
        error = (network.denoise(audio + noise, batch.mel) - audio).square().mean()
        return error, {"noise": noise.square().mean()}


def build(model: dict[str, Any], mel_spec: MelSpec) -> Denoiser:
    return Denoiser(make_options(Config, model, "[model]"), mel_spec)
