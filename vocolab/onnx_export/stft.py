"""The STFT in operators that ONNX has: a product with a fixed matrix, no complex numbers."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vocolab.networks.istft import InverseSTFT


class RealSTFT(nn.Module):
    """The STFT that an `InverseSTFT` undoes, nothing beyond the signal's ends.

    The hop has to divide n_fft: a window is then whole hops side by side.
    """

    basis: Tensor

    def __init__(self, istft: InverseSTFT) -> None:
        super().__init__()
        n_fft, hop = istft.n_fft, istft.hop_samples
        assert n_fft % hop == 0
        self.rows = n_fft // hop
        self.front_samples = istft.front_samples
        turns = np.outer(np.arange(n_fft), np.arange(n_fft // 2 + 1)) % n_fft
        wave = np.exp(-2j * np.pi * turns / n_fft) * istft.window.double().numpy()[:, None]
        basis = np.concatenate([wave.real, wave.imag], axis=1).astype(np.float32)
        self.register_buffer("basis", torch.from_numpy(basis))

    def forward(self, hops: Tensor) -> tuple[Tensor, Tensor]:
        """(batch, frames, hop_samples) to real and imaginary parts, (batch, n_fft // 2 + 1, frames) each."""
        batch, frames, hop = hops.shape
        front, whole = self.front_samples, (self.rows - 1) * hop
        padded = F.pad(hops.reshape(batch, frames * hop), (front, whole - front))
        rows = padded.reshape(batch, frames + self.rows - 1, hop)
        windows = torch.cat([rows[:, row : row + frames] for row in range(self.rows)], dim=2)  # (B, T, n_fft)
        real, imaginary = (windows @ self.basis).transpose(1, 2).chunk(2, dim=1)
        return real, imaginary
