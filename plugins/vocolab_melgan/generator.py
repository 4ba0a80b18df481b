"""The MelGAN generator, with one band or several.

Kumar et al., "MelGAN: Generative Adversarial Networks for Conditional Waveform Synthesis" (2019), section 2.1; Yang et
al., "Multi-band MelGAN" (2020). Every convolution of more than one tap reflects the ends of its input.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vocolab.mels.spec import MelSpec
from vocolab_melgan.config import MelGanConfig
from vocolab_melgan.filter_bank import FilterBank
from vocolab_melgan.sizes import context_frames, least_frames


def _reflecting(inputs: int, outputs: int, kernel: int, dilation: int = 1) -> nn.Conv1d:
    padding = (kernel - 1) // 2 * dilation
    return nn.Conv1d(inputs, outputs, kernel, dilation=dilation, padding=padding, padding_mode="reflect")


class Block(nn.Module):
    """A dilated convolution and one of a single tap, added to a shortcut of a single tap."""

    def __init__(self, config: MelGanConfig, channels: int, dilation: int) -> None:
        super().__init__()
        self.slope = config.leaky_relu_slope
        self.dilated = _reflecting(channels, channels, config.block_kernel_size, dilation)
        self.single = nn.Conv1d(channels, channels, 1)
        self.shortcut = nn.Conv1d(channels, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        """(batch, channels, time) to the same."""
        inner = self.dilated(F.leaky_relu(x, self.slope))
        return self.shortcut(x) + self.single(F.leaky_relu(inner, self.slope))  # type: ignore[no-any-return]


class MelGanGenerator(nn.Module):
    """Mel (batch, n_mels, frames) to audio (batch, frames * hop_samples)."""

    def __init__(self, config: MelGanConfig, spec: MelSpec) -> None:
        super().__init__()
        self.config, self.spec = config, spec
        width = config.channels
        self.pre = _reflecting(spec.n_mels, width, config.kernel_size)
        self.ups, self.stages = nn.ModuleList(), nn.ModuleList()
        for rate in config.upsample_rates:
            odd = rate % 2
            self.ups.append(nn.ConvTranspose1d(width, width // 2, 2 * rate, rate, rate // 2 + odd, odd))
            width //= 2
            dilations = (config.block_kernel_size**index for index in range(config.blocks))
            self.stages.append(nn.ModuleList(Block(config, width, dilation) for dilation in dilations))
        self.post = _reflecting(width, config.bands, config.kernel_size)
        self.bank = FilterBank(config.bands, config.filter_cutoff) if config.bands > 1 else None

    @property
    def context_frames(self) -> int:
        """Frames on either side that a sample depends on."""
        return context_frames(self.config, self.spec.hop_samples)

    def forward(self, mel: Tensor) -> Tensor:
        """(batch, n_mels, frames) to (batch, frames * hop_samples)."""
        missing = least_frames(self.config) - mel.shape[-1]
        if missing <= 0:
            return self.audio(mel)
        longer = F.pad(mel, (0, missing), mode="replicate")
        return self.audio(longer)[:, : mel.shape[-1] * self.spec.hop_samples]

    def band_signals(self, mel: Tensor) -> Tensor:
        """What the network gives before the filter bank, (batch, bands, frames * hop_samples / bands)."""
        x = self.pre((mel - self.config.mel_offset) / self.config.mel_scale)
        for up, blocks in zip(self.ups, self.stages, strict=True):
            x = up(F.leaky_relu(x, self.config.leaky_relu_slope))
            for block in blocks:  # type: ignore[attr-defined]
                x = block(x)
        return torch.tanh(self.post(F.leaky_relu(x, self.config.leaky_relu_slope)))

    def audio(self, mel: Tensor) -> Tensor:
        """The same as `forward`, for mels of as many frames as are reflected."""
        bands = self.band_signals(mel)
        return bands.squeeze(1) if self.bank is None else self.bank(bands)
