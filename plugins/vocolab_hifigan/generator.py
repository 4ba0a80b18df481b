"""The HiFi-GAN generator, with or without the iSTFT head of iSTFTNet.

Kong, Kim and Bae, "HiFi-GAN" (2020), section 2.2; Kaneko et al., "iSTFTNet" (2022). Parameter names are those of the
published checkpoints, weight norm folded.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vocolab.mels.spec import MelSpec
from vocolab.networks import InverseSTFT
from vocolab_hifigan.config import HifiGanConfig

_SLOPE = 0.1
_LAST_SLOPE = 0.01  # torch's default: the published generator passes none before its last convolution
_POST_KERNEL = 7
_PRE_KERNEL = 7


def _same(channels: int, kernel: int, dilation: int) -> nn.Conv1d:
    return nn.Conv1d(channels, channels, kernel, dilation=dilation, padding=dilation * (kernel - 1) // 2)


class ResBlock1(nn.Module):
    """Pairs of convolutions, the first of each dilated, each pair added to its input."""

    def __init__(self, channels: int, kernel: int, dilations: Sequence[int]) -> None:
        super().__init__()
        self.convs1 = nn.ModuleList(_same(channels, kernel, dilation) for dilation in dilations)
        self.convs2 = nn.ModuleList(_same(channels, kernel, 1) for _ in dilations)
        self.reach_samples = (kernel - 1) // 2 * sum(dilation + 1 for dilation in dilations)

    def forward(self, x: Tensor) -> Tensor:
        """(batch, channels, time) to the same."""
        for first, second in zip(self.convs1, self.convs2, strict=True):
            x = x + second(F.leaky_relu(first(F.leaky_relu(x, _SLOPE)), _SLOPE))
        return x


class ResBlock2(nn.Module):
    """Single dilated convolutions, each added to its input (V3)."""

    def __init__(self, channels: int, kernel: int, dilations: Sequence[int]) -> None:
        super().__init__()
        self.convs = nn.ModuleList(_same(channels, kernel, dilation) for dilation in dilations)
        self.reach_samples = (kernel - 1) // 2 * sum(dilations)

    def forward(self, x: Tensor) -> Tensor:
        """(batch, channels, time) to the same."""
        for conv in self.convs:
            x = x + conv(F.leaky_relu(x, _SLOPE))
        return x


class HifiGanGenerator(nn.Module):
    """Mel (batch, n_mels, frames) to audio (batch, frames * hop_samples)."""

    def __init__(self, config: HifiGanConfig, spec: MelSpec) -> None:
        super().__init__()
        self.config, self.spec = config, spec
        width = config.upsample_initial_channel
        block = ResBlock1 if config.resblock == "1" else ResBlock2
        self.conv_pre = nn.Conv1d(spec.n_mels, width, _PRE_KERNEL, padding=_PRE_KERNEL // 2)
        self.ups = nn.ModuleList()
        self.resblocks = nn.ModuleList()
        for rate, kernel in zip(config.upsample_rates, config.upsample_kernel_sizes, strict=True):
            self.ups.append(nn.ConvTranspose1d(width, width // 2, kernel, stride=rate, padding=(kernel - rate) // 2))
            width //= 2
            for size, dilations in zip(config.resblock_kernel_sizes, config.resblock_dilation_sizes, strict=True):
                self.resblocks.append(block(width, size, dilations))
        outputs = config.gen_istft_n_fft + 2 if config.gen_istft_n_fft else 1
        self.conv_post = nn.Conv1d(width, outputs, _POST_KERNEL, padding=_POST_KERNEL // 2)
        self.istft = _head(config)

    @property
    def context_frames(self) -> int:
        """Frames on either side that a sample depends on, from the reach of every layer at its own rate."""
        hop = self.spec.hop_samples
        per_stage = len(self.config.resblock_kernel_sizes)
        samples_a_step = hop
        reach_samples = _PRE_KERNEL // 2 * hop
        for index, (up, rate) in enumerate(zip(self.ups, self.config.upsample_rates, strict=True)):
            reach_samples += math.ceil(up.kernel_size[0] / rate / 2) * samples_a_step  # type: ignore[union-attr,index,operator]
            samples_a_step //= rate
            stage = self.resblocks[index * per_stage : (index + 1) * per_stage]
            reach_samples += max(int(block.reach_samples) for block in stage) * samples_a_step  # type: ignore[arg-type,union-attr,attr-defined]
        reach_samples += _POST_KERNEL // 2 * samples_a_step
        if self.istft is not None:
            reach_samples += (self.istft.context_frames + 1) * samples_a_step
        return math.ceil(reach_samples / hop)

    def forward(self, mel: Tensor) -> Tensor:
        """(batch, n_mels, frames) to (batch, frames * hop_samples)."""
        kernels = len(self.config.resblock_kernel_sizes)
        x = self.conv_pre((mel - self.config.mel_offset) / self.config.mel_scale)
        for index, up in enumerate(self.ups):
            x = up(F.leaky_relu(x, _SLOPE))
            blocks = self.resblocks[index * kernels : (index + 1) * kernels]
            branches: Tensor = sum(block(x) for block in blocks)  # type: ignore[assignment,attr-defined]
            x = branches / kernels
        x = F.leaky_relu(x, _LAST_SLOPE)
        return torch.tanh(self.conv_post(x)).squeeze(1) if self.istft is None else self._synthesize(x)

    def _synthesize(self, x: Tensor) -> Tensor:
        assert self.istft is not None
        frames = x.shape[-1]
        if self.config.gen_istft_padding == "left":
            x = F.pad(x, (1, 0), mode="reflect")
        log_magnitude, phase = self.conv_post(x).chunk(2, dim=1)
        if self.config.gen_istft_phase == "sine":
            phase = torch.sin(phase)
        audio = self.istft(torch.polar(log_magnitude.exp().clamp(max=1e3), phase))
        return audio[:, : frames * self.istft.hop_samples]  # type: ignore[no-any-return]


def _head(config: HifiGanConfig) -> InverseSTFT | None:
    if config.gen_istft_n_fft is None or config.gen_istft_hop_size is None:
        return None
    padding = "center" if config.gen_istft_padding == "left" else "hifigan"
    return InverseSTFT(config.gen_istft_n_fft, config.gen_istft_hop_size, padding)
