"""The Vocos generator: a ConvNeXt backbone at the frame rate, and an inverse STFT as its head.

Siuzdak, "Vocos: Closing the gap between time-domain and Fourier-based neural vocoders" (2023). Parameter names are
those of the published checkpoints.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from vocolab.mels.filters import analysis_window
from vocolab.mels.spec import MelSpec
from vocolab.networks.istft import InverseSTFT
from vocolab_vocos.config import VocosConfig
from vocolab_vocos.sizes import KERNEL, context_frames

_MAGNITUDE_LIMIT = 1e2


class ConvNeXtBlock(nn.Module):
    """Depthwise convolution over time, then a two-layer perceptron a frame, scaled and added to the input."""

    def __init__(self, dim: int, intermediate_dim: int, initial_scale: float) -> None:
        super().__init__()
        self.dwconv = nn.Conv1d(dim, dim, KERNEL, padding=KERNEL // 2, groups=dim)
        self.norm = nn.LayerNorm(dim, eps=1e-6)
        self.pwconv1 = nn.Linear(dim, intermediate_dim)
        self.act = nn.GELU()
        self.pwconv2 = nn.Linear(intermediate_dim, dim)
        self.gamma = nn.Parameter(torch.full((dim,), initial_scale))

    def forward(self, x: Tensor) -> Tensor:
        """(batch, dim, frames) to the same."""
        y: Tensor = self.dwconv(x).transpose(1, 2)  # (B, C, T) -> (B, T, C)
        y = self.gamma * self.pwconv2(self.act(self.pwconv1(self.norm(y))))
        return x + y.transpose(1, 2)  # (B, T, C) -> (B, C, T)


class Backbone(nn.Module):
    """Mel frames to feature frames; all work happens at the frame rate."""

    def __init__(self, n_mels: int, config: VocosConfig) -> None:
        super().__init__()
        self.embed = nn.Conv1d(n_mels, config.dim, KERNEL, padding=KERNEL // 2)
        self.norm = nn.LayerNorm(config.dim, eps=1e-6)
        self.convnext = nn.ModuleList(
            ConvNeXtBlock(config.dim, config.intermediate_dim, 1 / config.num_layers) for _ in range(config.num_layers)
        )
        self.final_layer_norm = nn.LayerNorm(config.dim, eps=1e-6)

    def forward(self, mel: Tensor) -> Tensor:
        """(batch, n_mels, frames) to (batch, frames, dim)."""
        x = self.norm(self.embed(mel).transpose(1, 2)).transpose(1, 2)
        for block in self.convnext:
            x = block(x)
        return self.final_layer_norm(x.transpose(1, 2))  # type: ignore[no-any-return]


class Head(nn.Module):
    """Feature frames to a log magnitude and a phase a bin, and those to audio."""

    def __init__(self, spec: MelSpec, config: VocosConfig) -> None:
        super().__init__()
        self.out = nn.Linear(config.dim, spec.n_fft + 2)
        self.istft = InverseSTFT(spec.n_fft, spec.hop_samples, spec.padding, analysis_window(spec))

    def forward(self, features: Tensor) -> Tensor:
        """(batch, frames, dim) to (batch, frames * hop_samples)."""
        log_magnitude, phase = self.out(features).transpose(1, 2).chunk(2, dim=1)  # (B, T, 2F) -> 2 x (B, F, T)
        magnitude = log_magnitude.exp().clamp(max=_MAGNITUDE_LIMIT)
        return self.istft.polar(magnitude, phase)


class VocosGenerator(nn.Module):
    """Mel (batch, n_mels, frames) to audio (batch, frames * hop_samples)."""

    def __init__(self, config: VocosConfig, spec: MelSpec) -> None:
        super().__init__()
        self.config, self.spec = config, spec
        self.backbone = Backbone(spec.n_mels, config)
        self.head = Head(spec, config)

    @property
    def context_frames(self) -> int:
        """Frames on either side that a sample depends on."""
        return context_frames(self.config, self.spec)

    def forward(self, mel: Tensor) -> Tensor:
        """(batch, n_mels, frames) to (batch, frames * hop_samples)."""
        centred = (mel - self.config.mel_offset) / self.config.mel_scale
        return self.head(self.backbone(centred))  # type: ignore[no-any-return]


def initialise(generator: VocosGenerator) -> None:
    """Published initial weights: normal with a deviation of 0.02, cut at two, biases zero."""
    for module in generator.modules():
        if isinstance(module, nn.Conv1d | nn.Linear):
            nn.init.trunc_normal_(module.weight, std=0.02)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
