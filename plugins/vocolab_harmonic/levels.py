"""Band gains that gradients go through: what a listener hears after them is what is trained."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vocolab.mels.filters import analysis_window, mel_filters, spectrum_gain
from vocolab.mels.scaling import natural_log
from vocolab.mels.spec import MelSpec
from vocolab.networks.istft import InverseSTFT
from vocolab.postfilters.bands import MOST_NATS
from vocolab.postfilters.levelling import MOMENTUM, RELAXATION


class BandGains(nn.Module):
    """Rounds of `vocolab.postfilters.band_gains` on batches of segments.

    A segment has no neighbours: beyond its ends its own samples are reflected, so that its outer frames are levelled to
    something else than they are in a whole rendering.
    """

    filters: Tensor
    spread: Tensor

    def __init__(self, spec: MelSpec) -> None:
        super().__init__()
        self.spec = spec
        filters = torch.from_numpy(np.array(mel_filters(spec)))
        total = filters.sum(0)
        shares = torch.where(total > 0, filters / total.clamp_min(1e-20), torch.zeros(()))
        self.register_buffer("filters", filters, persistent=False)
        self.register_buffer("spread", shares.T.contiguous(), persistent=False)
        self.istft = InverseSTFT(spec.n_fft, spec.hop_samples, spec.padding, analysis_window(spec))
        self._gain = float(spectrum_gain(spec))

    def forward(self, audio: Tensor, mel: Tensor, rounds: int) -> Tensor:
        """Audio (batch, frames * hop_samples) with its bands at the levels of the mel (batch, n_mels, frames)."""
        wanted = torch.from_numpy(natural_log(mel.cpu().numpy(), self.spec).astype(np.float32)).to(mel.device)
        begin = audio
        for index in range(rounds):
            spectrum = self._spectrum(begin)
            apart = (wanted - self._own(spectrum)).clamp(-MOST_NATS, MOST_NATS)
            relaxation = RELAXATION if index else 1.0
            gains = torch.exp(self.spread @ apart * (relaxation / self.spec.power))
            before, audio = audio, self.istft(spectrum * gains)
            begin = audio + MOMENTUM * (audio - before) if index else audio
        return audio

    def _own(self, spectrum: Tensor) -> Tensor:
        """Natural logarithms of the bands of a spectrum (batch, bins, frames)."""
        # The small term keeps the gradient of the magnitude finite at 0.
        magnitudes = (torch.view_as_real(spectrum).square().sum(-1) + 1e-12).sqrt() * self._gain
        return (self.filters @ magnitudes**self.spec.power).clamp_min(self.spec.clamp).log()

    def _spectrum(self, audio: Tensor) -> Tensor:
        n_fft, hop = self.istft.n_fft, self.istft.hop_samples
        front = self.istft.front_samples
        padded = F.pad(audio[:, None], (front, n_fft - hop - front), mode="reflect")[:, 0]
        return torch.stft(padded, n_fft, hop, window=self.istft.window, center=False, return_complex=True)
