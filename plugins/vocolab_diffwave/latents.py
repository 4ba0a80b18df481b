"""Latents: what the diffusion runs on. As published they are the samples themselves.

With `samples_per_group` above 1 every position holds a group of G numbers: the group's samples, or the G coefficients
of an MDCT over two groups. Both are orthonormal, so white noise stays white, and a diffusion of the one is a diffusion
of the other. With the "mel" prior each number is divided by the deviation that the mel lets expect, so that white noise
in the latents is noise of the mel's own spectrum in the audio: Lee et al., "PriorGrad" (2022), taken from the energy of
a frame to its spectrum, as in Koizumi et al., "SpecGrad" (2022).
"""

from __future__ import annotations

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from vocolab.mels.filters import analysis_window, mel_filters, spectrum_gain
from vocolab.mels.scaling import nats, statistics
from vocolab.mels.spec import MelSpec
from vocolab.networks.frame_rate import between_frames
from vocolab_diffwave.config import DiffWaveConfig

_LOWEST_DEVIATION = 1e-5  # a third of a 16-bit step


class Latents(nn.Module):
    """Audio to latents and back."""

    def __init__(self, config: DiffWaveConfig, spec: MelSpec) -> None:
        super().__init__()
        self.group = config.samples_per_group
        self.mdct = Mdct(self.group) if config.fold == "mdct" else None
        self.prior = MelPrior(config, spec) if config.prior == "mel" else None

    @property
    def context_frames(self) -> int:
        """Frames on either side that the way back to audio depends on, beyond those of the network."""
        return (self.mdct is not None) + (self.prior is not None)

    def encode(self, audio: Tensor, mel: Tensor) -> Tensor:
        """(batch, frames * hop) with its mel to (batch, group, time)."""
        batch, _ = audio.shape
        x = self.mdct.forward(audio) if self.mdct else audio.reshape(batch, -1, self.group).transpose(1, 2)
        return x / self.prior(mel) if self.prior else x

    def decode(self, latents: Tensor, mel: Tensor) -> Tensor:
        """The reverse of `encode`."""
        batch, _, _ = latents.shape
        x = latents * self.prior(mel) if self.prior else latents
        return self.mdct.inverse(x) if self.mdct else x.transpose(1, 2).reshape(batch, -1)


class Mdct(nn.Module):
    """The orthonormal lapped transform of `group` samples with a sine window of twice that length.

    Group m covers samples (m - 1/2) group to (m + 3/2) group, so that it is centred on its own samples. Half a group
    at either end of the signal has no neighbour to lap with, and comes back windowed.
    Princen, Johnson and Bradley, "Subband/transform coding using filter bank designs based on TDAC" (1987).
    """

    basis: Tensor

    def __init__(self, group: int) -> None:
        super().__init__()
        self.group = group
        self.register_buffer("basis", torch.from_numpy(mdct_basis(group))[:, None], persistent=False)

    def forward(self, audio: Tensor) -> Tensor:
        """(batch, groups * group) to (batch, group, groups)."""
        half = self.group // 2
        return F.conv1d(F.pad(audio, (half, half)).unsqueeze(1), self.basis, stride=self.group)

    def inverse(self, coefficients: Tensor) -> Tensor:
        """(batch, group, groups) to (batch, groups * group)."""
        half = self.group // 2
        return F.conv_transpose1d(coefficients, self.basis, stride=self.group)[:, 0, half:-half]


def mdct_basis(group: int) -> NDArray[np.float32]:
    """Windowed cosines, (coefficients, 2 group samples)."""
    n, k = np.arange(2 * group) + 0.5, np.arange(group) + 0.5
    cosines = np.cos(np.pi / group * k[:, None] * (n + group / 2))
    window = np.sin(np.pi * n / (2 * group))
    return (math.sqrt(2.0 / group) * window * cosines).astype(np.float32)


class MelPrior(nn.Module):
    """The deviation of every latent that its mel lets expect: at the middle of its group, interpolated between frames.

    Places are edges here, not numbers of samples: sample n lasts from n to n + 1, a group of G from k * G to
    (k + 1) * G, and frame i stands at i * hop or half a hop later, as the convention centres it, between two samples.
    Trained voices know their noise from these places.
    """

    offset: Tensor
    gain: Tensor
    spread: Tensor

    def __init__(self, config: DiffWaveConfig, spec: MelSpec) -> None:
        super().__init__()
        self.spec, self.groups_a_frame = spec, spec.hop_samples // config.samples_per_group
        frame_groups = self.groups_a_frame / 2 if spec.padding == "hifigan" else 0.0
        self.centre_groups = frame_groups - 0.5  # counted from the middle of the first group
        mean, scale = statistics(spec)
        gain = nats(spec) * scale / spec.log_gain
        offset = nats(spec) * (mean - spec.log_offset) / spec.log_gain
        self.register_buffer("gain", torch.from_numpy(gain.astype(np.float32)), persistent=False)
        self.register_buffer("offset", torch.from_numpy(offset.astype(np.float32)), persistent=False)
        spread = coefficient_weights(spec, config.samples_per_group if config.fold == "mdct" else spec.n_fft // 2)
        if config.fold == "samples":  # samples know no frequency: one deviation, of all of the spectrum
            spread = np.sqrt(np.mean(spread**2, axis=0, keepdims=True))
        self.register_buffer("spread", torch.from_numpy(spread.astype(np.float32)), persistent=False)

    def forward(self, mel: Tensor) -> Tensor:
        """(batch, n_mels, frames) to deviations of (batch, group or 1, frames * groups a frame)."""
        natural = mel * self.gain + self.offset
        bands = torch.exp(between_frames(natural, self.groups_a_frame, self.centre_groups)) ** (1.0 / self.spec.power)
        power = torch.matmul(self.spread**2, bands**2)
        return power.sqrt().clamp_min(_LOWEST_DEVIATION)


def coefficient_weights(spec: MelSpec, group: int) -> NDArray[np.float64]:
    """How the bands' amplitudes make the deviation of each of `group` coefficients, (group, n_mels).

    A band's output is the sum of its filter over the magnitudes of the spectrum; divided by the filter's sum and the
    window's norm it is about the deviation of white noise in it. A coefficient takes the bands whose filters reach it,
    and the nearest band where none does.
    """
    filters = mel_filters(spec).astype(np.float64)
    bins_hz = np.linspace(0.0, spec.sample_rate / 2, filters.shape[1])
    wanted_hz = (np.arange(group) + 0.5) * spec.sample_rate / (2 * group)
    reach = np.stack([np.interp(wanted_hz, bins_hz, row / max(row.sum(), 1e-12)) for row in filters], axis=1)
    centres_hz = filters @ bins_hz / np.maximum(filters.sum(axis=1), 1e-12)
    for row in np.flatnonzero(reach.sum(axis=1) <= 1e-9):
        reach[row, np.argmin(np.abs(centres_hz - wanted_hz[row]))] = 1.0
    shares = np.sqrt(reach / reach.sum(axis=1, keepdims=True))
    norm = spectrum_gain(spec) * math.sqrt(float(np.sum(analysis_window(spec) ** 2)))
    sums = filters.sum(axis=1) ** (1.0 / spec.power)
    weights: NDArray[np.float64] = shares / np.maximum(sums, 1e-12) / norm
    return weights
