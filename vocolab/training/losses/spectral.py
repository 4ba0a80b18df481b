"""Spectral losses: how far a rendering is from its recording, whatever its phase.

Mel L1: Kong et al., "HiFi-GAN" (2020), eq. 3, here at three resolutions. Spectral convergence and log magnitude: Arik
et al. (2018), as combined over several resolutions by Yamamoto et al., "Parallel WaveGAN" (2020), eqs. 3 to 6.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from vocolab.mels.filters import mel_filters
from vocolab.mels.spec import MelSpec
from vocolab.training.spectra import LogMel, Magnitudes
from vocolab.training.tables import LossOptions

MEL_BANDS = {512: 40, 1024: 80, 2048: 160}
"""Bands of the mel loss by its n_fft."""
_FLOOR = 1e-5


class SpectralLoss(nn.Module):
    """The weighted sum of the losses `mel` and `stft`; the STFTs are shared between them."""

    def __init__(self, sample_rate: int, weights: LossOptions) -> None:
        super().__init__()
        self.weights = weights
        self.stft_sizes = frozenset(weights.stft_sizes if weights.stft else ())
        self.mel_sizes = frozenset(MEL_BANDS if weights.mel else ())
        self.sizes = sorted(self.stft_sizes | self.mel_sizes)
        self.spectra = nn.ModuleList(Magnitudes(n_fft) for n_fft in self.sizes)
        for n_fft in self.mel_sizes:
            spec = MelSpec(
                sample_rate=sample_rate, n_fft=n_fft, win_samples=n_fft, hop_samples=n_fft // 4,
                n_mels=MEL_BANDS[n_fft], fmax_hz=sample_rate / 2,
            )
            self.register_buffer(f"filters_{n_fft}", torch.from_numpy(np.array(mel_filters(spec))), persistent=False)

    def forward(self, rendered: Tensor, recorded: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        """The loss of (batch, samples) against (batch, samples), and its parts for the log."""
        mel = rendered.new_zeros(())
        stft = rendered.new_zeros(())
        for n_fft, spectrum in zip(self.sizes, self.spectra, strict=True):
            with torch.no_grad():
                wanted = spectrum(recorded)
            given = spectrum(rendered)
            if n_fft in self.stft_sizes:
                stft = stft + spectral_convergence(given, wanted) + log_distance(given, wanted)
            if n_fft in self.mel_sizes:
                filters = getattr(self, f"filters_{n_fft}")
                mel = mel + log_distance(filters @ given, filters @ wanted)
        parts = {}
        if self.mel_sizes:
            parts["mel"] = mel / len(self.mel_sizes)
        if self.stft_sizes:
            parts["stft"] = stft / len(self.stft_sizes)
        total = sum((getattr(self.weights, name) * part for name, part in parts.items()), start=rendered.new_zeros(()))
        return total, {name: part.detach() for name, part in parts.items()}


class MelLoss(nn.Module):
    """L1 of one log mel over all of the band: Kong et al. (2020), eq. 3, with the sizes of a convention."""

    def __init__(self, spec: MelSpec) -> None:
        super().__init__()
        self.log_mel = LogMel(
            MelSpec(
                sample_rate=spec.sample_rate, n_fft=spec.n_fft, win_samples=spec.win_samples,
                hop_samples=spec.hop_samples, n_mels=spec.n_mels, fmax_hz=spec.sample_rate / 2, magnitude_eps=1e-9,
            )
        )
        self.pad_samples = (spec.n_fft - spec.hop_samples) // 2

    def forward(self, rendered: Tensor, recorded: Tensor) -> Tensor:
        """The mean distance in nepers of (batch, samples) from (batch, samples)."""
        with torch.no_grad():
            wanted = self._mel(recorded)
        return (self._mel(rendered) - wanted).abs().mean()

    def _mel(self, audio: Tensor) -> Tensor:
        padded = nn.functional.pad(audio[:, None], (self.pad_samples, self.pad_samples), mode="reflect")[:, 0]
        mel: Tensor = self.log_mel(padded)
        return mel


def spectral_convergence(given: Tensor, wanted: Tensor) -> Tensor:
    """|wanted - given| over |wanted|, Frobenius norms over a clip, the mean over the batch; also of complex spectra."""
    return torch.mean(_frobenius(wanted - given) / _frobenius(wanted).clamp_min(_FLOOR))


def _frobenius(spectra: Tensor) -> Tensor:
    """The norms (batch,) of (batch, bins, frames).

    Over real numbers in the order of memory, where torch.stft leaves frame after frame: over two axes of complex ones
    torch takes many times as long, which was a tenth of a training step.
    """
    real = torch.view_as_real(spectra) if spectra.is_complex() else spectra
    norms: Tensor = torch.linalg.vector_norm(real.transpose(1, 2).flatten(1), dim=1)
    return norms


def log_distance(given: Tensor, wanted: Tensor) -> Tensor:
    """Mean |ln wanted - ln given|, both limited from below at 1e-5."""
    return torch.mean((wanted.clamp_min(_FLOOR).log() - given.clamp_min(_FLOOR).log()).abs())
