"""The harmonic-plus-noise vocoder: pulses and noise in the STFT domain, each times what the network makes of the mel.

    spectrum = harmonic magnitude * e^(i turn) * STFT(pulses of F0) + noise magnitude * STFT(white noise)

and nothing else: what is periodic has the period of F0 and what is noise does not repeat, by construction. The idea is
that of Wang, Takaki and Yamagishi, "Neural source-filter waveform models for statistical parametric speech synthesis"
(2019); the backbone is that of Vocos.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vocolab.mels.filters import analysis_window
from vocolab.mels.spec import MelSpec
from vocolab.networks.convnext import Backbone, initialise
from vocolab.networks.frame_rate import between_frames
from vocolab.networks.istft import InverseSTFT, from_polar
from vocolab_harmonic.config import HarmonicConfig
from vocolab_harmonic.pitch import PitchNetwork
from vocolab_harmonic.pulses import gate, phases, pulses, running
from vocolab_harmonic.sizes import F0_OFFSET, F0_SCALE, MAGNITUDE_LIMIT


class Filters(NamedTuple):
    """What the network says of each bin and frame, (batch, n_fft // 2 + 1, frames) each."""

    harmonic: Tensor
    """Log magnitude of the pulses' filter."""
    turn: Tensor
    """Its phase, in half turns before it is limited to one."""
    noise: Tensor
    """Log magnitude of the noise's filter."""


class HarmonicGenerator(nn.Module):
    """Mel (batch, n_mels, frames) to audio (batch, frames * hop_samples)."""

    def __init__(self, config: HarmonicConfig, spec: MelSpec) -> None:
        super().__init__()
        self.config, self.spec = config, spec
        self.pitch = PitchNetwork(spec.n_mels, config)
        self.backbone = Backbone(spec.n_mels + 2, config.dim, config.intermediate_dim, config.num_layers)
        self.out = nn.Linear(config.dim, 3 * (spec.n_fft // 2 + 1))
        self.istft = InverseSTFT(spec.n_fft, spec.hop_samples, spec.padding, analysis_window(spec))

    def forward(self, mel: Tensor, f0_hz: Tensor | None = None, noise: Tensor | None = None) -> Tensor:
        """(batch, n_mels, frames) to (batch, frames * hop_samples).

        Args:
            mel: In the convention of `spec`.
            f0_hz: (batch, frames), 0 where unvoiced; None: read from the mel.
            noise: White, of unit variance, (batch, frames * hop_samples); None: drawn.
        """
        f0 = self.f0_hz(mel) if f0_hz is None else f0_hz
        if noise is None:
            noise = torch.randn(len(mel), mel.shape[2] * self.spec.hop_samples, device=mel.device)
        return self.audio(self.filters(mel, f0), self.excitation(f0), noise)

    def centred(self, mel: Tensor) -> Tensor:
        """What the networks take."""
        return (mel - self.config.mel_offset) / self.config.mel_scale

    def f0_hz(self, mel: Tensor) -> Tensor:
        """F0 as it is read from a mel: (batch, frames), 0 where unvoiced."""
        return self.pitch.f0_hz(self.centred(mel))

    def filters(self, mel: Tensor, f0_hz: Tensor) -> Filters:
        """The filters of the two sources for a mel and its F0 (batch, frames), 0 where unvoiced."""
        told = self.told(mel.transpose(1, 2), running(f0_hz), gate(f0_hz)).transpose(1, 2)
        return Filters(*self.out(self.backbone(told)).transpose(1, 2).chunk(3, dim=1))  # (B, T, 3F) -> 3 x (B, F, T)

    def told(self, mel: Tensor, running_hz: Tensor, voiced: Tensor) -> Tensor:
        """What the backbone takes: (..., frames, n_mels) and (..., frames) to (..., frames, n_mels + 2)."""
        log_f0 = voiced * (running_hz.log() - F0_OFFSET) / F0_SCALE
        return torch.cat([self.centred(mel), log_f0[..., None], voiced[..., None]], dim=-1)

    def excitation(self, f0_hz: Tensor, start: Tensor | None = None) -> Tensor:
        """The pulses, (batch, frames * hop_samples); `start` (batch, 1) is their phase in periods before the first."""
        rate, hop = self.spec.sample_rate, self.spec.hop_samples
        heard = between_frames(gate(f0_hz), hop, (hop - 1) / 2)
        return heard * pulses(*phases(running(f0_hz), rate, hop, start), rate)

    def audio(self, filters: Filters, excitation: Tensor, noise: Tensor) -> Tensor:
        """Filtered sources, both (batch, frames * hop_samples), as their sum of the same shape."""
        return self.istft(self.mixed(filters, self._spectrum(excitation), self._spectrum(noise)))  # type: ignore[no-any-return]

    def mixed(self, filters: Filters, excitation: Tensor, noise: Tensor) -> Tensor:
        """The spectrum of what comes out, from filters and the spectra of both sources, all of one shape."""
        # White noise of unit variance then has unit variance in each bin too.
        most, scale = math.log(MAGNITUDE_LIMIT), 1 / float(self.istft.window.square().sum().sqrt())
        harmonic = scale * filters.harmonic.clamp(max=most).exp()
        turned = from_polar(harmonic, math.pi * torch.tanh(filters.turn))
        return turned * excitation + scale * filters.noise.clamp(max=most).exp() * noise

    def _spectrum(self, source: Tensor) -> Tensor:
        """The STFT of a source, nothing beyond its ends."""
        n_fft, hop = self.istft.n_fft, self.istft.hop_samples
        front = self.istft.front_samples
        padded = F.pad(source, (front, n_fft - hop - front))
        return torch.stft(padded, n_fft, hop, window=self.istft.window, center=False, return_complex=True)


def fresh(config: HarmonicConfig, spec: MelSpec) -> HarmonicGenerator:
    """A network to be trained, the pitch network initialised as torch does and the rest as Vocos is published."""
    network = HarmonicGenerator(config, spec)
    initialise(network.backbone)
    initialise(network.out)
    return network
