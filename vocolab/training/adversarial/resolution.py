"""Multi-resolution discriminator: magnitude spectra at three resolutions.

Jang et al., "UnivNet" (2021), section 2.2; resolutions, channels, kernels and strides as in its open implementations.
0.28 M parameters.

The kernels of 3 x 9 lie, and stride, along frequency: a spectrum is (batch, 1, frames, bins). So a layer sees 9 bins,
neighbouring harmonics together, of 3 frames, and every frame keeps scores of its own. That is the layout of DAC's
discriminator, whose bands have these layers, and of the UnivNet discriminator in HN-uSFGAN (Yoneyama et al. 2022).
The common implementation of UnivNet (maum-ai) and BigVGAN's give (batch, 1, bins, frames) to the same kernels, which
there lie and stride along time: as many parameters, another discriminator.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.utils.parametrizations import weight_norm

from vocolab.training.adversarial.layers import Output, channels, scores_and_features

RESOLUTIONS = ((1024, 120, 600), (2048, 240, 1200), (512, 50, 240))
"""n_fft, hop, window, in samples."""
CHANNELS = 32


def spectral_layers(n_in: int, width: float) -> nn.ModuleList:
    """Five convolutions over (batch, n_in, frames, bins); three halve the bins, all leave the frames."""
    n = channels(CHANNELS, width)
    shapes = [(n_in, (3, 9), 1), (n, (3, 9), 2), (n, (3, 9), 2), (n, (3, 9), 2), (n, (3, 3), 1)]
    return nn.ModuleList(
        weight_norm(nn.Conv2d(size, n, kernel, (1, stride), padding=(kernel[0] // 2, kernel[1] // 2)))
        for size, kernel, stride in shapes
    )


def last_layer(width: float) -> nn.Module:
    """From features to scores."""
    layer: nn.Module = weight_norm(nn.Conv2d(channels(CHANNELS, width), 1, (3, 3), padding=(1, 1)))
    return layer


class ResolutionDiscriminator(nn.Module):
    """One resolution."""

    window: Tensor

    def __init__(self, resolution: tuple[int, int, int], width: float = 1.0) -> None:
        super().__init__()
        self.n_fft, self.hop_samples, win_samples = resolution
        self.register_buffer("window", torch.hann_window(win_samples), persistent=False)
        self.layers = spectral_layers(1, width)
        self.last = last_layer(width)

    def forward(self, audio: Tensor) -> Output:
        """Scores and features of (batch, samples)."""
        spectrum = torch.stft(
            audio.float(), self.n_fft, self.hop_samples, self.window.numel(), self.window, return_complex=True
        )
        magnitudes = (spectrum.real**2 + spectrum.imag**2).clamp_min(1e-9).sqrt()
        frames_first = magnitudes[:, None].transpose(2, 3)  # (B, 1, F, T) -> (B, 1, T, F)
        return scores_and_features(frames_first, self.layers, self.last)
