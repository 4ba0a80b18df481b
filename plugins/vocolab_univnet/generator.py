"""The UnivNet generator: noise made into speech by convolutions whose kernels the mel predicts, frame by frame.

Jang et al., "UnivNet: A Neural Vocoder with Multi-Resolution Spectrogram Discriminators" (2021), section 2.1; the
location-variable convolution is Zeng et al.'s, "LVCNet" (2021).
"""

from __future__ import annotations

from math import prod

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vocolab.mels.spec import MelSpec
from vocolab_univnet.config import UnivNetConfig
from vocolab_univnet.sizes import END_KERNEL, LAYER_KERNEL, PREDICTOR_BLOCKS, PREDICTOR_KERNEL, context_frames

LEAST_FRAMES = END_KERNEL // 2 + 1
"""So many can be reflected."""


def _same(inputs: int, outputs: int, kernel: int, *, dilation: int = 1, mode: str = "zeros") -> nn.Conv1d:
    padding = (kernel - 1) // 2 * dilation
    return nn.Conv1d(inputs, outputs, kernel, dilation=dilation, padding=padding, padding_mode=mode)


class KernelPredictor(nn.Module):
    """Kernels and biases of a stage's layers, one set a frame, from the mel."""

    def __init__(self, config: UnivNetConfig, bands: int) -> None:
        super().__init__()
        self.slope, self.width, self.layers = config.lReLU_slope, config.channel_size, len(config.dilations)
        inner, taps = config.kpnet_channels, config.kpnet_conv_size
        self.input_conv = _same(bands, inner, PREDICTOR_KERNEL)
        self.residuals = nn.ModuleList(
            nn.ModuleList([_same(inner, inner, taps), _same(inner, inner, taps)]) for _ in range(PREDICTOR_BLOCKS)
        )
        self.kernel_conv = _same(inner, self.layers * self.width * 2 * self.width * LAYER_KERNEL, taps)
        self.bias_conv = _same(inner, self.layers * 2 * self.width, taps)

    def forward(self, mel: Tensor) -> tuple[Tensor, Tensor]:
        """(batch, layers, in, out, taps, frames) and (batch, layers, out, frames) for a mel (batch, bands, frames)."""
        batch, _, frames = mel.shape
        x = F.leaky_relu(self.input_conv(mel), self.slope)
        for first, second in self.residuals:  # type: ignore[misc]
            x = x + F.leaky_relu(second(F.leaky_relu(first(x), self.slope)), self.slope)
        kernels = self.kernel_conv(x).view(batch, self.layers, self.width, 2 * self.width, LAYER_KERNEL, frames)
        return kernels, self.bias_conv(x).view(batch, self.layers, 2 * self.width, frames)


class Stage(nn.Module):
    """Upsampling, then layers whose second convolution changes with the frame."""

    def __init__(self, config: UnivNetConfig, bands: int, number: int) -> None:
        super().__init__()
        stride = config.strides[number]
        width, odd = config.channel_size, stride % 2
        self.steps = prod(config.strides[: number + 1])
        self.slope = config.lReLU_slope
        self.predictor = KernelPredictor(config, bands)
        self.up = nn.ConvTranspose1d(width, width, 2 * stride, stride, stride // 2 + odd, odd)
        self.convs = nn.ModuleList(
            _same(width, width, LAYER_KERNEL, dilation=dilation) for dilation in config.dilations
        )

    def forward(self, x: Tensor, mel: Tensor) -> Tensor:
        """(batch, width, steps) to (batch, width, steps * stride)."""
        kernels, biases = self.predictor(mel)
        x = self.up(F.leaky_relu(x, self.slope))
        for layer, conv in enumerate(self.convs):
            inner = F.leaky_relu(conv(F.leaky_relu(x, self.slope)), self.slope)
            signal, gate = location_variable(inner, kernels[:, layer], biases[:, layer], self.steps).chunk(2, dim=1)
            x = x + torch.sigmoid(signal) * torch.tanh(gate)
        return x


def location_variable(x: Tensor, kernels: Tensor, biases: Tensor, steps: int) -> Tensor:
    """A convolution of which every frame has its own kernel; zeros stand beyond the ends.

    Args:
        x: (batch, in, frames * steps).
        kernels: (batch, in, out, taps, frames).
        biases: (batch, out, frames).
        steps: How many there are of x in a frame.
    """
    taps, length = kernels.shape[3], x.shape[-1]
    padded = F.pad(x, (taps // 2, taps // 2))
    shifted = torch.stack([padded[..., tap : tap + length] for tap in range(taps)], dim=-1)
    windows = shifted.reshape(*x.shape[:2], -1, steps, taps)
    return (torch.einsum("bifsk,biokf->bofs", windows, kernels) + biases[..., None]).flatten(2)


class UnivNetGenerator(nn.Module):
    """Mel and noise to audio."""

    def __init__(self, config: UnivNetConfig, spec: MelSpec) -> None:
        super().__init__()
        self.config, self.spec = config, spec
        self.pre = _same(config.noise_dim, config.channel_size, END_KERNEL, mode="reflect")
        self.stages = nn.ModuleList(Stage(config, spec.n_mels, number) for number in range(len(config.strides)))
        self.post = _same(config.channel_size, 1, END_KERNEL, mode="reflect")

    @property
    def context_frames(self) -> int:
        """Frames on either side that a sample depends on."""
        return context_frames(self.config, self.spec.hop_samples)

    def forward(self, mel: Tensor, noise: Tensor) -> Tensor:
        """(batch, n_mels, frames) and (batch, noise_dim, frames) to (batch, frames * hop_samples)."""
        missing = LEAST_FRAMES - mel.shape[-1]
        if missing <= 0:
            return self.audio(mel, noise)
        longer = (F.pad(values, (0, missing), mode="replicate") for values in (mel, noise))
        return self.audio(*longer)[:, : mel.shape[-1] * self.spec.hop_samples]

    def audio(self, mel: Tensor, noise: Tensor) -> Tensor:
        """The same as `forward`, for mels of as many frames as are reflected."""
        x = self.pre(noise)
        for stage in self.stages:
            x = stage(x, mel)
        return torch.tanh(self.post(F.leaky_relu(x, self.config.lReLU_slope))).squeeze(1)
