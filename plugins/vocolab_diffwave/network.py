"""The DiffWave network: dilated convolutions that estimate what is noise in a noisy signal, given its mel.

Kong et al., "DiffWave: A Versatile Diffusion Model for Audio Synthesis" (2021), section 3. Parameter names are those of
the published checkpoints.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vocolab.mels.spec import MelSpec
from vocolab_diffwave.conditioning import FrameEncoder, SpectrogramUpsampler, StepEmbedding
from vocolab_diffwave.config import DiffWaveConfig
from vocolab_diffwave.schedules import training_schedule
from vocolab_diffwave.shapes import DILATED_KERNEL, dilations


class ResidualLayer(nn.Module):
    """A gated, dilated convolution; half of its output goes on to the next layer, half straight to the end."""

    def __init__(self, config: DiffWaveConfig, conditioner_channels: int, dilation: int) -> None:
        super().__init__()
        width = config.residual_channels
        self.dilated_conv = nn.Conv1d(width, 2 * width, DILATED_KERNEL, padding=dilation, dilation=dilation)
        self.diffusion_projection = nn.Linear(config.embedding_channels, width)
        self.conditioner_projection = nn.Conv1d(conditioner_channels, 2 * width, 1)
        self.output_projection = nn.Conv1d(width, 2 * width, 1)

    def forward(self, x: Tensor, embedding: Tensor, condition: Tensor) -> tuple[Tensor, Tensor]:
        """The next layer's input and this layer's share of the result, both as x, (batch, width, time).

        `condition` is (batch, 2 width, time): the mel, projected by `conditioner_projection`.
        """
        stepped = x + self.diffusion_projection(embedding).unsqueeze(-1)
        gate, signal = (self.dilated_conv(stepped) + condition).chunk(2, dim=1)
        onward, skip = self.output_projection(torch.sigmoid(gate) * torch.tanh(signal)).chunk(2, dim=1)
        return (x + onward) / math.sqrt(2.0), skip


class DiffWave(nn.Module):
    """Noisy latents (batch, groups, time), their step and their mel to an estimate of the same shape.

    `time` counts groups of `samples_per_group` samples; as published a group is one sample.
    """

    def __init__(self, config: DiffWaveConfig, spec: MelSpec) -> None:
        super().__init__()
        self.config, self.spec = config, spec
        width, group = config.residual_channels, config.samples_per_group
        self.input_projection = nn.Conv1d(group, width, 1)
        self.diffusion_embedding = StepEmbedding(training_schedule(config).steps, config.embedding_channels)
        self.spectrogram_upsampler: SpectrogramUpsampler | FrameEncoder
        if group == 1:
            self.spectrogram_upsampler, bands = SpectrogramUpsampler(spec.hop_samples), spec.n_mels
        else:
            bands = config.conditioner_channels
            self.spectrogram_upsampler = FrameEncoder(spec.n_mels, bands, spec.hop_samples // group)
        self.residual_layers = nn.ModuleList(ResidualLayer(config, bands, dilation) for dilation in dilations(config))
        self.skip_projection = nn.Conv1d(width, width, 1)
        self.output_projection = nn.Conv1d(width, group, 1)

    def upsampled(self, mel: Tensor) -> Tensor:
        """The mel (batch, n_mels, frames) at the rate of the network, (batch, bands, time)."""
        upsampled: Tensor = self.spectrogram_upsampler((mel - self.config.mel_offset) / self.config.mel_scale)
        return upsampled

    def condition(self, upsampled: Tensor) -> list[Tensor]:
        """What each layer is told of the mel, (batch, 2 width, time) each: the same at every step, so needed once."""
        return list(self.conditions(upsampled))

    def conditions(self, upsampled: Tensor) -> Iterator[Tensor]:
        """The same, one layer at a time."""
        for layer in self.residual_layers:
            yield layer.conditioner_projection(upsampled)  # type: ignore[operator]

    def forward(self, noisy: Tensor, step: Tensor, conditions: Iterable[Tensor]) -> Tensor:
        """The estimate for `noisy` (batch, group, time) at `step` (batch,), given what `condition` gave."""
        embedding = self.diffusion_embedding(step)
        x = F.relu(self.input_projection(noisy))
        total: Tensor | None = None
        for layer, condition in zip(self.residual_layers, conditions, strict=True):
            x, skip = layer(x, embedding, condition)
            total = skip if total is None else total + skip
        assert total is not None
        x = F.relu(self.skip_projection(total / math.sqrt(len(self.residual_layers))))
        return self.output_projection(x)  # type: ignore[no-any-return]


def initialise(network: DiffWave) -> None:
    """Published initial weights: He's normal for convolutions, nothing at the output, so that training starts at 0."""
    for module in network.modules():
        if isinstance(module, nn.Conv1d):
            nn.init.kaiming_normal_(module.weight)
    nn.init.zeros_(network.output_projection.weight)
