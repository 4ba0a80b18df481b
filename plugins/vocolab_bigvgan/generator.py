"""The BigVGAN generator.

Lee, Ping, Ginsburg, Catanzaro and Yoon, "BigVGAN: a universal neural vocoder with large-scale training" (2022), section
3. Parameter names are those of the published checkpoints, weight norm folded and without the filters, which are
computed.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn

from vocolab.mels.spec import MelSpec
from vocolab_bigvgan.activation import AntiAliasedSnake
from vocolab_bigvgan.config import BigVganConfig
from vocolab_bigvgan.sizes import POST_KERNEL, PRE_KERNEL, context_frames, stage_widths


def _same(channels: int, kernel: int, dilation: int) -> nn.Conv1d:
    return nn.Conv1d(channels, channels, kernel, dilation=dilation, padding=dilation * (kernel - 1) // 2)


class AmpBlock1(nn.Module):
    """Pairs of convolutions, the first of each dilated, an activation before each; each pair is added to its input."""

    def __init__(self, channels: int, kernel: int, dilations: Sequence[int], config: BigVganConfig) -> None:
        super().__init__()
        self.convs1 = nn.ModuleList(_same(channels, kernel, dilation) for dilation in dilations)
        self.convs2 = nn.ModuleList(_same(channels, kernel, 1) for _ in dilations)
        self.activations = nn.ModuleList(AntiAliasedSnake(channels, config) for _ in range(2 * len(dilations)))

    def forward(self, x: Tensor) -> Tensor:
        """(batch, channels, time) to the same."""
        befores = zip(self.activations[::2], self.activations[1::2], strict=True)
        for first, second, (before_first, before_second) in zip(self.convs1, self.convs2, befores, strict=True):
            x = x + second(before_second(first(before_first(x))))
        return x


class AmpBlock2(nn.Module):
    """Single dilated convolutions, an activation before each; each is added to its input."""

    def __init__(self, channels: int, kernel: int, dilations: Sequence[int], config: BigVganConfig) -> None:
        super().__init__()
        self.convs = nn.ModuleList(_same(channels, kernel, dilation) for dilation in dilations)
        self.activations = nn.ModuleList(AntiAliasedSnake(channels, config) for _ in dilations)

    def forward(self, x: Tensor) -> Tensor:
        """(batch, channels, time) to the same."""
        for conv, before in zip(self.convs, self.activations, strict=True):
            x = x + conv(before(x))
        return x


class BigVganGenerator(nn.Module):
    """Mel (batch, n_mels, frames) to audio (batch, frames * hop_samples)."""

    def __init__(self, config: BigVganConfig, spec: MelSpec) -> None:
        super().__init__()
        self.config, self.spec = config, spec
        widths = stage_widths(config)
        block = AmpBlock1 if config.resblock == "1" else AmpBlock2
        self.conv_pre = nn.Conv1d(spec.n_mels, widths[0], PRE_KERNEL, padding=PRE_KERNEL // 2)
        self.ups, self.resblocks = nn.ModuleList(), nn.ModuleList()
        stages = zip(pairwise(widths), config.upsample_rates, config.upsample_kernel_sizes, strict=True)
        for (wide, narrow), rate, kernel in stages:
            up = nn.ConvTranspose1d(wide, narrow, kernel, stride=rate, padding=(kernel - rate) // 2)
            self.ups.append(nn.ModuleList([up]))  # published with one more level
            for size, dilations in zip(config.resblock_kernel_sizes, config.resblock_dilation_sizes, strict=True):
                self.resblocks.append(block(narrow, size, dilations, config))
        self.activation_post = AntiAliasedSnake(widths[-1], config)
        self.conv_post = nn.Conv1d(
            widths[-1], 1, POST_KERNEL, padding=POST_KERNEL // 2, bias=config.use_bias_at_final
        )

    @property
    def context_frames(self) -> int:
        """Frames on either side that a sample depends on."""
        return context_frames(self.config, self.spec.hop_samples)

    def forward(self, mel: Tensor) -> Tensor:
        """(batch, n_mels, frames) to (batch, frames * hop_samples)."""
        kernels = len(self.config.resblock_kernel_sizes)
        x = self.conv_pre((mel - self.config.mel_offset) / self.config.mel_scale)
        for index, up in enumerate(self.ups):
            x = up[0](x)  # type: ignore[index]
            blocks = self.resblocks[index * kernels : (index + 1) * kernels]
            branches: Tensor = sum(block(x) for block in blocks)
            x = branches / kernels
        x = self.conv_post(self.activation_post(x)).squeeze(1)
        return torch.tanh(x) if self.config.use_tanh_at_final else x.clamp(-1.0, 1.0)
