"""Spectral losses: how far a rendering is from its recording, whatever its phase.

Mel L1: Kong et al., "HiFi-GAN" (2020), eq. 4, here at three resolutions. Spectral convergence and log magnitude: Arik
et al. (2018), as combined over several resolutions by Yamamoto et al., "Parallel WaveGAN" (2020), eqs. 3 to 6.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from vocolab.mels.filters import mel_filters
from vocolab.mels.spec import MelSpec
from vocolab.training.recipe import LossOptions
from vocolab.training.spectra import Magnitudes

_STFT_SIZES = (256, 512, 1024, 2048)
_MEL_BANDS = {512: 40, 1024: 80, 2048: 160}
_FLOOR = 1e-5


class SpectralLoss(nn.Module):
    """The weighted sum of both losses; the STFTs are shared between them."""

    def __init__(self, sample_rate: int, weights: LossOptions) -> None:
        super().__init__()
        self.weights = weights
        self.spectra = nn.ModuleList(Magnitudes(n_fft) for n_fft in _STFT_SIZES)
        for n_fft, n_mels in _MEL_BANDS.items():
            spec = MelSpec(
                sample_rate=sample_rate, n_fft=n_fft, win_samples=n_fft, hop_samples=n_fft // 4, n_mels=n_mels,
                fmax_hz=sample_rate / 2,
            )
            self.register_buffer(f"filters_{n_fft}", torch.from_numpy(np.array(mel_filters(spec))), persistent=False)

    def forward(self, rendered: Tensor, recorded: Tensor) -> tuple[Tensor, dict[str, float]]:
        """The loss of (batch, samples) against (batch, samples), and its parts for the log."""
        mel = rendered.new_zeros(())
        stft = rendered.new_zeros(())
        for n_fft, spectrum in zip(_STFT_SIZES, self.spectra, strict=True):
            with torch.no_grad():
                wanted = spectrum(recorded)
            given = spectrum(rendered)
            stft = stft + spectral_convergence(given, wanted) + log_distance(given, wanted)
            if n_fft in _MEL_BANDS:
                filters = getattr(self, f"filters_{n_fft}")
                mel = mel + log_distance(filters @ given, filters @ wanted)
        mel, stft = mel / len(_MEL_BANDS), stft / len(_STFT_SIZES)
        total = self.weights.mel * mel + self.weights.stft * stft
        return total, {"loss": total.item(), "mel": mel.item(), "stft": stft.item()}


def spectral_convergence(given: Tensor, wanted: Tensor) -> Tensor:
    """|wanted - given| over |wanted|, Frobenius norms over a clip, the mean over the batch."""
    error = torch.linalg.vector_norm(wanted - given, dim=(1, 2))
    size = torch.linalg.vector_norm(wanted, dim=(1, 2)).clamp_min(_FLOOR)
    return torch.mean(error / size)


def log_distance(given: Tensor, wanted: Tensor) -> Tensor:
    """Mean |ln wanted - ln given|, both limited from below at 1e-5."""
    return torch.mean((wanted.clamp_min(_FLOOR).log() - given.clamp_min(_FLOOR).log()).abs())
