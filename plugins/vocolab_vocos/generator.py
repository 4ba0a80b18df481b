"""The Vocos generator: a ConvNeXt backbone at the frame rate, and an inverse STFT as its head.

Siuzdak, "Vocos: Closing the gap between time-domain and Fourier-based neural vocoders" (2023). Parameter names are
those of the published checkpoints.
"""

from __future__ import annotations

from torch import Tensor, nn

from vocolab.mels.filters import analysis_window
from vocolab.mels.spec import MelSpec
from vocolab.networks.convnext import Backbone
from vocolab.networks.istft import InverseSTFT
from vocolab_vocos.config import VocosConfig
from vocolab_vocos.sizes import MAGNITUDE_LIMIT, context_frames


class Head(nn.Module):
    """Feature frames to a log magnitude and a phase a bin, and those to audio."""

    def __init__(self, spec: MelSpec, config: VocosConfig) -> None:
        super().__init__()
        self.out = nn.Linear(config.dim, spec.n_fft + 2)
        self.istft = InverseSTFT(spec.n_fft, spec.hop_samples, spec.padding, analysis_window(spec))

    def forward(self, features: Tensor) -> Tensor:
        """(batch, frames, dim) to (batch, frames * hop_samples)."""
        magnitude, phase = self.polar(features)
        return self.istft.polar(magnitude.transpose(1, 2), phase.transpose(1, 2))  # (B, T, F) -> (B, F, T)

    def polar(self, features: Tensor) -> tuple[Tensor, Tensor]:
        """(..., frames, dim) to magnitudes and phases, (..., frames, bins)."""
        log_magnitude, phase = self.out(features).chunk(2, dim=-1)
        return log_magnitude.exp().clamp(max=MAGNITUDE_LIMIT), phase


class VocosGenerator(nn.Module):
    """Mel (batch, n_mels, frames) to audio (batch, frames * hop_samples)."""

    def __init__(self, config: VocosConfig, spec: MelSpec) -> None:
        super().__init__()
        self.config, self.spec = config, spec
        self.backbone = Backbone(spec.n_mels, config.dim, config.intermediate_dim, config.num_layers)
        self.head = Head(spec, config)

    @property
    def context_frames(self) -> int:
        """Frames on either side that a sample depends on."""
        return context_frames(self.config, self.spec)

    def forward(self, mel: Tensor) -> Tensor:
        """(batch, n_mels, frames) to (batch, frames * hop_samples)."""
        return self.head(self.backbone(self.centred(mel)))  # type: ignore[no-any-return]

    def centred(self, mel: Tensor) -> Tensor:
        """What the backbone takes."""
        return (mel - self.config.mel_offset) / self.config.mel_scale
