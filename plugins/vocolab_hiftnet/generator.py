"""The HiFTNet generator: harmonics of F0 and their STFT on the way up, an inverse STFT at the end.

Li et al., "HiFTNet: A Fast High-Quality Neural Vocoder with Harmonic-plus-Noise Filter and Inverse Short Time Fourier
Transform" (2023); CosyVoice's HiFT is its offspring. The activation is Ziyin, Hartwig and Ueda's, "Neural networks fail
to learn periodic functions and how to fix it" (2020), eq. 3.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vocolab.mels.spec import MelSpec
from vocolab.networks.istft import InverseSTFT
from vocolab_hiftnet.config import HiftConfig
from vocolab_hiftnet.pitch import Convolutions, JointDetection
from vocolab_hiftnet.sizes import END_KERNEL, context_frames, source_taps
from vocolab_nsf_hifigan.generator import Merging

_LAST_SLOPE = 0.01


class Snake(nn.Module):
    """x + sin(ax)^2 / a, one a for each channel."""

    def __init__(self, channels: int, floor: float) -> None:
        super().__init__()
        self.alpha, self.floor = nn.Parameter(torch.ones(channels)), floor

    def forward(self, x: Tensor) -> Tensor:
        """(batch, channels, time) to the same."""
        alpha = self.alpha[:, None]
        return x + torch.sin(x * alpha) ** 2 / (alpha + self.floor)


class SnakeBlock(nn.Module):
    """Pairs of convolutions, the first of each dilated, each pair added to its input."""

    def __init__(self, channels: int, kernel: int, dilations: Sequence[int], floor: float) -> None:
        super().__init__()
        reach = (kernel - 1) // 2
        self.convs1 = nn.ModuleList(
            nn.Conv1d(channels, channels, kernel, dilation=dilation, padding=reach * dilation) for dilation in dilations
        )
        self.convs2 = nn.ModuleList(nn.Conv1d(channels, channels, kernel, padding=reach) for _ in dilations)
        self.activations1 = nn.ModuleList(Snake(channels, floor) for _ in dilations)
        self.activations2 = nn.ModuleList(Snake(channels, floor) for _ in dilations)

    def forward(self, x: Tensor) -> Tensor:
        """(batch, channels, time) to the same."""
        pairs = zip(self.activations1, self.convs1, self.activations2, self.convs2, strict=True)
        for first, dilated, second, plain in pairs:
            x = x + plain(second(dilated(first(x))))
        return x


class HiftGenerator(nn.Module):
    """Mel and source to audio, and F0 of a mel."""

    window: Tensor

    def __init__(self, config: HiftConfig, spec: MelSpec) -> None:
        super().__init__()
        self.config, self.spec = config, spec
        width, channels, floor = config.upsample_initial_channel, config.gen_istft_n_fft + 2, config.snake_floor
        self.m_source = Merging(config.harmonics)
        jdc = config.f0_network == "jdc"
        self.f0_predictor: nn.Module = JointDetection() if jdc else Convolutions(spec.n_mels, config.f0_channels)
        self.conv_pre = nn.Conv1d(spec.n_mels, width, END_KERNEL, padding=END_KERNEL // 2)
        self.ups, self.resblocks = nn.ModuleList(), nn.ModuleList()
        self.source_downs, self.source_resblocks = nn.ModuleList(), nn.ModuleList()
        for stage, (rate, kernel) in enumerate(zip(config.upsample_rates, config.upsample_kernel_sizes, strict=True)):
            self.ups.append(nn.ConvTranspose1d(width, width // 2, kernel, rate, padding=(kernel - rate) // 2))
            width //= 2
            taps, stride, padding = source_taps(config, stage)
            self.source_downs.append(nn.Conv1d(channels, width, taps, stride, padding=padding))
            size, dilations = config.source_kernel_sizes[stage], config.source_dilation_sizes[stage]
            self.source_resblocks.append(SnakeBlock(width, size, dilations, floor))
            for size, dilations in zip(config.resblock_kernel_sizes, config.resblock_dilation_sizes, strict=True):
                self.resblocks.append(SnakeBlock(width, size, dilations, floor))
        self.conv_post = nn.Conv1d(width, channels, END_KERNEL, padding=END_KERNEL // 2)
        self.istft = InverseSTFT(config.gen_istft_n_fft, config.gen_istft_hop_size, "center")

    @property
    def context_frames(self) -> int:
        """Frames on either side that a sample depends on, where the source is known."""
        return context_frames(self.config, self.spec.hop_samples)

    def f0_hz(self, mel: Tensor) -> Tensor:
        """F0 (batch, frames) of a mel (batch, n_mels, frames), as the network in the checkpoint reads it."""
        return self.f0_predictor(mel)  # type: ignore[no-any-return]

    def forward(self, mel: Tensor, source: Tensor) -> Tensor:
        """(batch, n_mels, frames) and (batch, frames * hop_samples) to the latter's shape."""
        return self.audio(mel, self.spectrum(source))

    def spectrum(self, source: Tensor) -> Tensor:
        """The source's STFT, (batch, n_fft + 2, STFT frames): two numbers a bin, as the config says which."""
        config = self.config
        bins = torch.stft(
            source, config.gen_istft_n_fft, config.gen_istft_hop_size, window=self.istft.window, center=True,
            pad_mode="reflect", return_complex=True,
        )
        polar = config.source_spectrum == "polar"
        return torch.cat([bins.abs(), bins.angle()] if polar else [bins.real, bins.imag], dim=1)

    def audio(self, mel: Tensor, spectrum: Tensor) -> Tensor:
        """The same as `forward`, from what `spectrum` gives."""
        config, kernels = self.config, len(self.config.resblock_kernel_sizes)
        x = self.conv_pre((mel - config.mel_offset) / config.mel_scale)
        for stage, up in enumerate(self.ups):
            x = up(F.leaky_relu(x, config.leaky_relu_slope))
            if stage == len(self.ups) - 1:
                x = F.pad(x, (1, 0), mode="reflect")
            x = x + self.source_resblocks[stage](self.source_downs[stage](spectrum))
            blocks = self.resblocks[stage * kernels : (stage + 1) * kernels]
            x = sum(block(x) for block in blocks) / kernels  # type: ignore[attr-defined]
        log_magnitude, phase = self.conv_post(F.leaky_relu(x, _LAST_SLOPE)).chunk(2, dim=1)
        magnitude = log_magnitude.exp()
        if config.magnitude_limit is not None:
            magnitude = magnitude.clamp(max=config.magnitude_limit)
        audio = self.istft.polar(magnitude, torch.sin(phase))[:, : mel.shape[-1] * self.spec.hop_samples]
        return audio if config.audio_limit is None else audio.clamp(-config.audio_limit, config.audio_limit)
