"""Band gains that gradients go through: what a listener hears after them is what is trained."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vocolab.mels.filters import analysis_window, mel_filters, spectrum_gain
from vocolab.mels.scaling import natural_log
from vocolab.mels.spec import MelSpec
from vocolab.networks.istft import overlap_add
from vocolab.postfilters.bands import MOST_NATS
from vocolab.postfilters.levelling import MOMENTUM, RELAXATION
from vocolab.postfilters.places import WIDE_ROUNDS, Places
from vocolab.spectral.frames import LEAST_WEIGHT


class BandGains(nn.Module):
    """Rounds of `vocolab.postfilters.band_gains` on batches of segments.

    A segment has no neighbours: beyond its ends its own samples are reflected, so that its outer frames are levelled to
    something else than they are in a whole rendering.
    """

    filters: Tensor
    spread: Tensor
    window: Tensor
    wide: Tensor
    narrow: Tensor

    def __init__(self, spec: MelSpec) -> None:
        super().__init__()
        self.spec = spec
        filters = torch.from_numpy(np.array(mel_filters(spec)))
        total = filters.sum(0)
        shares = torch.where(total > 0, filters / total.clamp_min(1e-20), torch.zeros(()))
        self.register_buffer("filters", filters, persistent=False)
        self.register_buffer("spread", shares.T.contiguous(), persistent=False)
        self.register_buffer("window", torch.from_numpy(np.array(analysis_window(spec))), persistent=False)
        for name, is_narrow in (("wide", False), ("narrow", True)):
            self.register_buffer(name, _centred(Places(spec, is_narrow=is_narrow), spec), persistent=False)
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
            before, audio = audio, self._added(spectrum * gains, self.wide if index < WIDE_ROUNDS else self.narrow)
            begin = audio + MOMENTUM * (audio - before) if index else audio
        return audio

    def _own(self, spectrum: Tensor) -> Tensor:
        """Natural logarithms of the bands of a spectrum (batch, bins, frames)."""
        # The small term keeps the gradient of the magnitude finite at 0.
        magnitudes = (torch.view_as_real(spectrum).square().sum(-1) + 1e-12).sqrt() * self._gain
        return (self.filters @ magnitudes**self.spec.power).clamp_min(self.spec.clamp).log()

    def _spectrum(self, audio: Tensor) -> Tensor:
        n_fft, hop, front = self.spec.n_fft, self.spec.hop_samples, self.spec.front_samples
        padded = F.pad(audio[:, None], (front, n_fft - hop - front), mode="reflect")[:, 0]
        return torch.stft(padded, n_fft, hop, window=self.window, center=False, return_complex=True)

    def _added(self, spectrum: Tensor, synthesis: Tensor) -> Tensor:
        """Audio from (batch, bins, frames), each frame windowed by `synthesis` (n_fft,)."""
        n_fft, hop, front, frames = self.spec.n_fft, self.spec.hop_samples, self.spec.front_samples, spectrum.shape[2]
        audio = overlap_add(torch.fft.irfft(spectrum.transpose(1, 2), n=n_fft) * synthesis, hop)
        weight = overlap_add((self.window * synthesis).expand(1, frames, n_fft), hop)
        wanted = slice(front, front + frames * hop)
        return audio[:, wanted] / weight[:, wanted].clamp_min(LEAST_WEIGHT * float(weight.max()))


def _centred(places: Places, spec: MelSpec) -> Tensor:
    """The window that frames are added up under, in the middle of (n_fft,)."""
    left = (spec.n_fft - spec.win_samples) // 2
    synthesis = places.synthesis.reshape(-1)[: spec.win_samples]
    return torch.from_numpy(np.pad(synthesis, (left, spec.n_fft - spec.win_samples - left)).astype(np.float32))
