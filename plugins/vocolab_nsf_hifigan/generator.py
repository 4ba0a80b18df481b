"""The NSF-HiFi-GAN generator: HiFi-GAN with a source of F0 that is added on its way up.

Kong, Kim and Bae, "HiFi-GAN" (2020); the source is that of Wang, Takaki and Yamagishi, "Neural source-filter
waveform models" (2019). Parameter names are those of the published checkpoints, weight norm folded.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vocolab.mels.spec import MelSpec
from vocolab_hifigan.generator import ResBlock1, ResBlock2
from vocolab_nsf_hifigan.config import NsfHifiGanConfig
from vocolab_nsf_hifigan.sizes import END_KERNEL, context_frames, source_kernel

_LAST_SLOPE = 0.01


class Merging(nn.Module):
    """Harmonics to the one signal that drives the network."""

    def __init__(self, harmonics: int) -> None:
        super().__init__()
        self.l_linear = nn.Linear(harmonics, 1)

    def forward(self, sines: Tensor) -> Tensor:
        """(batch, harmonics, samples) to (batch, samples)."""
        return torch.tanh(self.l_linear(sines.transpose(1, 2))).squeeze(-1)


class NsfHifiGanGenerator(nn.Module):
    """Mel and source to audio."""

    def __init__(self, config: NsfHifiGanConfig, spec: MelSpec) -> None:
        super().__init__()
        self.config, self.spec = config, spec
        width = config.upsample_initial_channel
        block = ResBlock1 if config.resblock == "1" else ResBlock2
        self.conv_pre = nn.Conv1d(spec.n_mels, width, END_KERNEL, padding=END_KERNEL // 2)
        self.ups, self.resblocks = nn.ModuleList(), nn.ModuleList()
        joining: list[nn.Module] = []
        for stage, (rate, kernel) in enumerate(zip(config.upsample_rates, config.upsample_kernel_sizes, strict=True)):
            self.ups.append(nn.ConvTranspose1d(width, width // 2, kernel, rate, padding=(kernel - rate) // 2))
            width //= 2
            if (taps := source_kernel(config, stage)) is not None:
                joining.append(nn.Conv1d(1, width, taps[0], taps[1], padding=taps[1] // 2))
            for size, dilations in zip(config.resblock_kernel_sizes, config.resblock_dilation_sizes, strict=True):
                self.resblocks.append(block(config, width, size, dilations))  # type: ignore[arg-type]
        self.conv_post = nn.Conv1d(width, 1, END_KERNEL, padding=END_KERNEL // 2)
        if config.mini_nsf:
            self.source_conv = joining[0]
            self.source_conv.padding = (0,)  # type: ignore[assignment]
        else:
            self.m_source = Merging(config.harmonics)
            joining[-1].padding = (0,)  # type: ignore[assignment]
            self.noise_convs = nn.ModuleList(joining)

    @property
    def context_frames(self) -> int:
        """Frames on either side that a sample depends on, where the source is known."""
        return context_frames(self.config, self.spec.hop_samples)

    def forward(self, mel: Tensor, source: Tensor) -> Tensor:
        """(batch, n_mels, frames) and (batch, frames * source_steps) to (batch, frames * hop_samples)."""
        kernels = len(self.config.resblock_kernel_sizes)
        driving = source[:, None]
        x = self.conv_pre((mel - self.config.mel_offset) / self.config.mel_scale)
        for stage, up in enumerate(self.ups):
            x = up(F.leaky_relu(x, self.config.leaky_relu_slope))
            if (joining := self._joining(stage)) is not None:
                x = x + joining(driving)
            blocks = self.resblocks[stage * kernels : (stage + 1) * kernels]
            x = sum(block(x) for block in blocks) / kernels  # type: ignore[attr-defined]
        return torch.tanh(self.conv_post(F.leaky_relu(x, _LAST_SLOPE))).squeeze(1)

    def _joining(self, stage: int) -> nn.Module | None:
        if not self.config.mini_nsf:
            return self.noise_convs[stage]
        return self.source_conv if stage == 1 else None
