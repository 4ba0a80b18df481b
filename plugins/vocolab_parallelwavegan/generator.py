"""The Parallel WaveGAN generator: a WaveNet without causality that makes white noise into speech.

Yamamoto, Song and Kim, "Parallel WaveGAN" (2020), section 2; the layers are those of van den Oord et al., "WaveNet"
(2016). Parameter names are those of the published checkpoints, weight norm folded.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vocolab.mels.spec import MelSpec
from vocolab_parallelwavegan.config import ParallelWaveGanConfig
from vocolab_parallelwavegan.sizes import context_frames


class Stretching(nn.Module):
    """Each value held for the steps of a finer rate, then smoothed along time, all bands alike."""

    def __init__(self, scales: list[int]) -> None:
        super().__init__()
        self.scales = scales
        layers: list[nn.Module] = []
        for scale in scales:
            layers += [nn.Identity(), nn.Conv2d(1, 1, (1, 2 * scale + 1), padding=(0, scale), bias=False)]
        self.up_layers = nn.ModuleList(layers)

    def forward(self, frames: Tensor) -> Tensor:
        """(batch, bands, frames) to (batch, bands, samples)."""
        x = frames[:, None]
        for scale, smoothing in zip(self.scales, self.up_layers[1::2], strict=True):
            x = smoothing(x.repeat_interleave(scale, dim=-1))
        return x.squeeze(1)


class MelUpsampling(nn.Module):
    """A mel at the rate of samples; its ends are repeated for what the first convolution looks beyond them."""

    def __init__(self, config: ParallelWaveGanConfig, bands: int) -> None:
        super().__init__()
        self.reach = config.aux_context_window
        self.conv_in = nn.Conv1d(bands, bands, 2 * self.reach + 1, bias=False)
        self.upsample = Stretching(config.upsample_scales)

    def forward(self, mel: Tensor) -> Tensor:
        """(batch, bands, frames) to (batch, bands, samples)."""
        extended = F.pad(mel, (self.reach, self.reach), mode="replicate") if self.reach else mel
        return self.upsample(self.conv_in(extended))  # type: ignore[no-any-return]


class Layer(nn.Module):
    """A dilated convolution and the mel through a gate, to the next layer and to the output."""

    def __init__(self, config: ParallelWaveGanConfig, bands: int, dilation: int) -> None:
        super().__init__()
        gate, half, self.scale = config.gate_channels, config.gate_channels // 2, config.residual_scale
        padding = (config.kernel_size - 1) // 2 * dilation
        self.conv = nn.Conv1d(
            config.residual_channels, gate, config.kernel_size, dilation=dilation, padding=padding
        )
        self.conv1x1_aux = nn.Conv1d(bands, gate, 1, bias=False)
        self.conv1x1_out = nn.Conv1d(half, config.residual_channels, 1)
        self.conv1x1_skip = nn.Conv1d(half, config.skip_channels, 1)

    def forward(self, x: Tensor, conditioning: Tensor) -> tuple[Tensor, Tensor]:
        """What goes on and what goes to the output, (batch, channels, samples) both."""
        signal, gate = (self.conv(x) + self.conv1x1_aux(conditioning)).chunk(2, dim=1)
        gated = torch.tanh(signal) * torch.sigmoid(gate)
        return (self.conv1x1_out(gated) + x) * self.scale, self.conv1x1_skip(gated)


class ParallelWaveGanGenerator(nn.Module):
    """Mel and white noise to audio."""

    def __init__(self, config: ParallelWaveGanConfig, spec: MelSpec) -> None:
        super().__init__()
        self.config, self.spec = config, spec
        a_stack = config.layers // config.stacks
        self.first_conv = nn.Conv1d(1, config.residual_channels, 1)
        self.upsample_net = MelUpsampling(config, spec.n_mels)
        self.conv_layers = nn.ModuleList(
            Layer(config, spec.n_mels, 2 ** (layer % a_stack)) for layer in range(config.layers)
        )
        skip = config.skip_channels
        self.last_conv_layers = nn.Sequential(nn.ReLU(), nn.Conv1d(skip, skip, 1), nn.ReLU(), nn.Conv1d(skip, 1, 1))

    @property
    def context_frames(self) -> int:
        """Frames on either side that a sample depends on."""
        return context_frames(self.config, self.spec.hop_samples)

    def forward(self, mel: Tensor, noise: Tensor) -> Tensor:
        """(batch, n_mels, frames) and (batch, frames * hop_samples) to the latter's shape."""
        conditioning = self.upsample_net(mel)
        x = self.first_conv(noise[:, None])
        total: Tensor | None = None
        for layer in self.conv_layers:
            x, skip = layer(x, conditioning)
            total = skip if total is None else total + skip
        assert total is not None
        audio: Tensor = self.last_conv_layers(total * math.sqrt(1 / self.config.layers))
        return audio.squeeze(1)
