"""Magnitude spectra and log mels in torch, for training on batches; `vocolab.mels.extract` is the reference."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from vocolab.mels.filters import analysis_window, mel_filters, spectrum_gain
from vocolab.mels.scaling import compress
from vocolab.mels.spec import MelSpec


class LogMel(nn.Module):
    """Mels of audio that already reaches far enough on both sides of the frames: nothing is padded."""

    window: Tensor
    filters: Tensor

    def __init__(self, spec: MelSpec) -> None:
        super().__init__()
        self.spec = spec
        self.register_buffer("window", torch.from_numpy(np.array(analysis_window(spec))), persistent=False)
        self.register_buffer("filters", torch.from_numpy(np.array(mel_filters(spec))), persistent=False)

    def forward(self, audio: Tensor) -> Tensor:
        """(batch, (frames - 1) * hop + n_fft) to (batch, n_mels, frames)."""
        spec = self.spec
        spectrum = torch.stft(
            audio, spec.n_fft, spec.hop_samples, window=self.window, center=False, return_complex=True
        )
        power = spectrum.real**2 + spectrum.imag**2 + spec.magnitude_eps
        magnitude = (spectrum_gain(spec) * power.sqrt()) ** spec.power
        return compress(self.filters @ magnitude, spec)

    def target(self, audio: Tensor) -> Tensor:
        """The part of the audio that a vocoder renders from `forward`'s frames: (batch, frames * hop)."""
        spec = self.spec
        frames = (audio.shape[1] - spec.n_fft) // spec.hop_samples + 1
        return audio[:, spec.front_samples : spec.front_samples + frames * spec.hop_samples]


_LEAST = 1e-9**0.5
"""Magnitudes are limited from below, so that their gradient is a number."""


class Magnitudes(nn.Module):
    """|STFT| with a hann window and a hop of a quarter, reflected at the edges."""

    window: Tensor

    def __init__(self, n_fft: int) -> None:
        super().__init__()
        self.n_fft = n_fft
        self.register_buffer("window", torch.hann_window(n_fft), persistent=False)

    def forward(self, audio: Tensor) -> Tensor:
        """(batch, samples) to (batch, n_fft // 2 + 1, frames)."""
        spectrum = torch.stft(audio, self.n_fft, self.n_fft // 4, window=self.window, return_complex=True)
        return spectrum.abs().clamp_min(_LEAST)
