"""Small discriminators of complex spectra, cheap enough for a CPU: three convolutions a window size.

The layout is that of the multi-scale STFT discriminator of Défossez et al., "High fidelity neural audio compression"
(2022), section 3.4, thinner, with a stride of 4 over bins in the first layer. Magnitudes are compressed to their square
root, so that quiet noise is seen beside loud harmonics.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.utils.parametrizations import weight_norm

from vocolab.training.adversarial.layers import Output, channels, scores_and_features

SIZES = (1024, 512, 256)
"""n_fft; the hop is a quarter of it."""
CHANNELS = (16, 32, 32)
_LEAST = 1e-5
"""Magnitude, against the infinite slope of a square root at 0."""


class LightDiscriminator(nn.Module):
    """One window size."""

    window: Tensor

    def __init__(self, n_fft: int, width: float = 1.0) -> None:
        super().__init__()
        self.n_fft = n_fft
        self.register_buffer("window", torch.hann_window(n_fft), persistent=False)
        first, second, third = (channels(published, width) for published in CHANNELS)
        self.layers = nn.ModuleList([
            weight_norm(nn.Conv2d(2, first, (3, 9), (1, 4), padding=(1, 4))),
            weight_norm(nn.Conv2d(first, second, (3, 9), (1, 2), padding=(2, 4), dilation=(2, 1))),
            weight_norm(nn.Conv2d(second, third, (3, 9), (1, 2), padding=(4, 4), dilation=(4, 1))),
        ])
        self.last = weight_norm(nn.Conv2d(third, 1, (3, 3), padding=(1, 1)))

    def forward(self, audio: Tensor) -> Output:
        """Scores and features of (batch, samples)."""
        spectrum = torch.stft(audio.float(), self.n_fft, self.n_fft // 4, window=self.window, return_complex=True)
        parts = torch.view_as_real(spectrum).permute(0, 3, 2, 1)  # (B, F, T, 2) -> (B, 2, T, F)
        magnitudes = (parts.square().sum(1, keepdim=True) + _LEAST**2).sqrt()
        return scores_and_features(parts / magnitudes.sqrt(), self.layers, self.last)
