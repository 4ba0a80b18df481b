"""The HiFi-GAN generator, with or without the iSTFT head of iSTFTNet.

Kong, Kim and Bae, "HiFi-GAN" (2020), section 2.2; Kaneko et al., "iSTFTNet" (2022). Parameter names are those of the
published checkpoints, weight norm folded.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vocolab.mels.spec import MelSpec
from vocolab.networks.istft import InverseSTFT
from vocolab.networks.tiling import tiled
from vocolab_hifigan.config import HifiGanConfig
from vocolab_hifigan.sizes import POST_KERNEL, PRE_KERNEL, context_frames, stage_reach

_FLOAT_BYTES = 4
_TILE_BYTES = 2**22
"""Of what a stage makes of a piece. With 4 MB V1 was as fast as without pieces, with 0.5 MB a quarter slower."""
_REACHES_A_TILE = 8
"""A piece is at least so many times as long as what it depends on beside it, which is computed twice."""
LAST_SLOPE = 0.01  # torch's default: the published generator passes none before its last convolution


def _same(config: HifiGanConfig, channels: int, kernel: int, dilation: int) -> nn.Conv1d:
    padding = dilation * (kernel - 1) // 2
    return nn.Conv1d(
        channels, channels, kernel, dilation=dilation, padding=padding, padding_mode=config.conv_padding
    )


def _upsampling(config: HifiGanConfig, channels: int, kernel: int, rate: int) -> nn.ConvTranspose1d:
    """To `rate` times as many samples and half the channels."""
    if config.upsample_padding == "published":
        return nn.ConvTranspose1d(channels, channels // 2, kernel, stride=rate, padding=(kernel - rate) // 2)
    odd = rate % 2
    return nn.ConvTranspose1d(channels, channels // 2, kernel, rate, padding=rate // 2 + odd, output_padding=odd)


class ResBlock1(nn.Module):
    """Pairs of convolutions, the first of each dilated, each pair added to its input."""

    def __init__(self, config: HifiGanConfig, channels: int, kernel: int, dilations: Sequence[int]) -> None:
        super().__init__()
        self.slope = config.leaky_relu_slope
        self.convs1 = nn.ModuleList(_same(config, channels, kernel, dilation) for dilation in dilations)
        self.convs2 = nn.ModuleList(_same(config, channels, kernel, 1) for _ in dilations)

    def forward(self, x: Tensor) -> Tensor:
        """(batch, channels, time) to the same."""
        for first, second in zip(self.convs1, self.convs2, strict=True):
            x = x + second(F.leaky_relu(first(F.leaky_relu(x, self.slope)), self.slope))
        return x


class ResBlock2(nn.Module):
    """Single dilated convolutions, each added to its input (V3)."""

    def __init__(self, config: HifiGanConfig, channels: int, kernel: int, dilations: Sequence[int]) -> None:
        super().__init__()
        self.slope = config.leaky_relu_slope
        self.convs = nn.ModuleList(_same(config, channels, kernel, dilation) for dilation in dilations)

    def forward(self, x: Tensor) -> Tensor:
        """(batch, channels, time) to the same."""
        for conv in self.convs:
            x = x + conv(F.leaky_relu(x, self.slope))
        return x


class HifiGanGenerator(nn.Module):
    """Mel (batch, n_mels, frames) to audio (batch, frames * hop_samples)."""

    def __init__(self, config: HifiGanConfig, spec: MelSpec) -> None:
        super().__init__()
        self.config, self.spec = config, spec
        self.is_tiled = False
        """Whether stages are run piece by piece on a CPU: for inference, where nothing is traced."""
        width = config.upsample_initial_channel
        block = ResBlock1 if config.resblock == "1" else ResBlock2
        padding_mode = config.conv_padding
        self.conv_pre = nn.Conv1d(spec.n_mels, width, PRE_KERNEL, padding=PRE_KERNEL // 2, padding_mode=padding_mode)
        self.ups = nn.ModuleList()
        self.resblocks = nn.ModuleList()
        for rate, kernel in zip(config.upsample_rates, config.upsample_kernel_sizes, strict=True):
            self.ups.append(_upsampling(config, width, kernel, rate))
            width //= 2
            for size, dilations in zip(config.resblock_kernel_sizes, config.resblock_dilation_sizes, strict=True):
                self.resblocks.append(block(config, width, size, dilations))
        outputs = config.gen_istft_n_fft + 2 if config.gen_istft_n_fft else 1
        self.conv_post = nn.Conv1d(width, outputs, POST_KERNEL, padding=POST_KERNEL // 2, padding_mode=padding_mode)
        self.istft = _head(config)

    @property
    def context_frames(self) -> int:
        """Frames on either side that a sample depends on."""
        return context_frames(self.config, self.spec.hop_samples)

    def forward(self, mel: Tensor) -> Tensor:
        """(batch, n_mels, frames) to (batch, frames * hop_samples)."""
        if mel.shape[-1] >= self.least_frames:
            return self._audio(mel)
        longer = F.pad(mel, (0, self.least_frames - mel.shape[-1]), mode="replicate")
        return self._audio(longer)[:, : mel.shape[-1] * self.spec.hop_samples]

    @property
    def least_frames(self) -> int:
        """Frames that are enough to be reflected wherever a convolution pads."""
        if self.config.conv_padding == "zeros":
            return 1
        steps_a_frame = self.config.upsample_rates[0]  # later stages have more steps and pad no more of them
        blocks = zip(self.config.resblock_kernel_sizes, self.config.resblock_dilation_sizes, strict=True)
        widest = max((kernel - 1) // 2 * max(dilations) for kernel, dilations in blocks)
        return max(PRE_KERNEL // 2, widest // steps_a_frame) + 1

    def centred(self, mel: Tensor) -> Tensor:
        """What the first convolution takes."""
        return (mel - self.config.mel_offset) / self.config.mel_scale

    def features(self, mel: Tensor) -> Tensor:
        """What the last convolution takes, (batch, channels, steps)."""
        x = self.conv_pre(self.centred(mel))
        for index in range(len(self.ups)):
            x = self._in_tiles(index, x) if self.is_tiled and x.device.type == "cpu" else self._upsampled(index, x)
        return F.leaky_relu(x, LAST_SLOPE)

    def _audio(self, mel: Tensor) -> Tensor:
        x = self.features(mel)
        return torch.tanh(self.conv_post(x)).squeeze(1) if self.istft is None else self._synthesize(x)

    def _upsampled(self, index: int, x: Tensor) -> Tensor:
        """What a stage makes of its input: more steps, fewer channels."""
        kernels = len(self.config.resblock_kernel_sizes)
        x = self.ups[index](F.leaky_relu(x, self.config.leaky_relu_slope))
        blocks = self.resblocks[index * kernels : (index + 1) * kernels]
        branches: Tensor = sum(block(x) for block in blocks)  # type: ignore[assignment,attr-defined]
        return branches / kernels

    def _in_tiles(self, index: int, x: Tensor) -> Tensor:
        """The same, piece by piece."""
        config, rate, reach = self.config, self.config.upsample_rates[index], stage_reach(self.config, index)
        bytes_a_step = _FLOAT_BYTES * rate * config.upsample_initial_channel // 2 ** (index + 1)
        tile = max(_TILE_BYTES // bytes_a_step, _REACHES_A_TILE * reach)
        return tiled(partial(self._upsampled, index), x, rate=rate, reach_steps=reach, tile_steps=tile)

    def _synthesize(self, x: Tensor) -> Tensor:
        assert self.istft is not None
        frames = x.shape[-1]
        if self.config.gen_istft_padding == "left":
            x = F.pad(x, (1, 0), mode="reflect")
        audio = self.istft.polar(*self.polar(self.conv_post(x)))
        return audio[:, : frames * self.istft.hop_samples]  # type: ignore[no-any-return]

    def polar(self, outputs: Tensor) -> tuple[Tensor, Tensor]:
        """What the head makes of the last convolution (batch, n_fft + 2, steps): magnitudes and phases of bins."""
        log_magnitude, phase = outputs.chunk(2, dim=1)
        if self.config.gen_istft_phase == "sine":
            phase = torch.sin(phase)
        return log_magnitude.exp().clamp(max=1e3), phase


def _head(config: HifiGanConfig) -> InverseSTFT | None:
    if config.gen_istft_n_fft is None or config.gen_istft_hop_size is None:
        return None
    padding = "center" if config.gen_istft_padding == "left" else "hifigan"
    return InverseSTFT(config.gen_istft_n_fft, config.gen_istft_hop_size, padding)
