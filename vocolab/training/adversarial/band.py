"""Multi-band spectrogram discriminator: complex spectra, each of five bands with convolutions of its own.

Kumar et al., "High-fidelity audio compression with improved RVQGAN" (2023), section 3.3 (DAC). 1.4 M parameters.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vocolab.training.adversarial.layers import SLOPE, Output
from vocolab.training.adversarial.resolution import last_layer, spectral_layers

SIZES = (2048, 1024, 512)
_EDGES = (0.0, 0.1, 0.25, 0.5, 0.75, 1.0)
"""Of the bands, as shares of the spectrum."""


class BandDiscriminator(nn.Module):
    """One window size; the hop is a quarter of it."""

    window: Tensor

    def __init__(self, n_fft: int, width: float = 1.0) -> None:
        super().__init__()
        self.n_fft = n_fft
        self.register_buffer("window", torch.hann_window(n_fft), persistent=False)
        bins = n_fft // 2 + 1
        edges = [int(edge * bins) for edge in _EDGES]
        self.bands = list(pairwise(edges))
        self.stacks = nn.ModuleList(spectral_layers(2, width) for _ in self.bands)
        self.last = last_layer(width)

    def forward(self, audio: Tensor) -> Output:
        """Scores and features of (batch, samples)."""
        spectrum = torch.stft(audio.float(), self.n_fft, self.n_fft // 4, window=self.window, return_complex=True)
        parts = torch.view_as_real(spectrum).permute(0, 3, 2, 1)  # (B, F, T, 2) -> (B, 2, T, F)
        ends, features = [], []
        for (low, high), layers in zip(self.bands, self.stacks, strict=True):
            x = parts[..., low:high]
            for layer in layers:  # type: ignore[attr-defined]
                x = F.leaky_relu(layer(x), SLOPE)
                features.append(x)
            ends.append(x)
        scores = self.last(torch.cat(ends, dim=-1))
        return scores.flatten(1), [*features, scores]
