"""The distance of complex spectra: for targets whose phase can be learned, a teacher's and not a recording's."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from vocolab.training.losses.spectral import spectral_convergence


class ComplexLoss(nn.Module):
    """|S - T| over |T| of the STFTs of two signals, the mean over sizes: 0 if equal, 1 for silence, 2 inverted."""

    def __init__(self, sizes: tuple[int, ...]) -> None:
        super().__init__()
        self.sizes = sizes
        for n_fft in sizes:
            self.register_buffer(f"window_{n_fft}", torch.hann_window(n_fft), persistent=False)

    def forward(self, rendered: Tensor, wanted: Tensor) -> Tensor:
        """The loss of (batch, samples) against (batch, samples)."""
        loss = rendered.new_zeros(())
        for n_fft in self.sizes:
            window = getattr(self, f"window_{n_fft}")
            given, target = (
                torch.stft(audio, n_fft, n_fft // 4, window=window, return_complex=True) for audio in (rendered, wanted)
            )
            loss = loss + spectral_convergence(given, target)
        return loss / len(self.sizes)
