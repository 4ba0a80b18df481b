"""Losses on the phase of a spectrum that don't care how often it was wound.

Ai and Ling, "Neural speech phase prediction based on parallel estimation architecture and anti-wrapping losses" (2023),
eqs. 11 to 16: the instantaneous phase, its difference along frequency (group delay) and along time, weighted alike.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

_QUIET = 1e-4
"""The phase of a bin below this magnitude, in either spectrum, is rounding noise: it is left out."""


def anti_wrapping(angle: Tensor) -> Tensor:
    """How far `angle` is from the next whole turn, 0 to pi (eq. 11)."""
    return (angle - 2 * math.pi * torch.round(angle / (2 * math.pi))).abs()


class PhaseLoss(nn.Module):
    """The sum of the three losses on the STFT of two signals, 0 to 3 pi."""

    window: Tensor

    def __init__(self, n_fft: int, hop_samples: int) -> None:
        super().__init__()
        self.n_fft, self.hop_samples = n_fft, hop_samples
        self.register_buffer("window", torch.hann_window(n_fft), persistent=False)

    def forward(self, rendered: Tensor, recorded: Tensor) -> Tensor:
        """The loss of (batch, samples) against (batch, samples)."""
        given, wanted = self._spectrum(rendered), self._spectrum(recorded)
        heard = (given.detach().abs() > _QUIET) & (wanted.abs() > _QUIET)
        # At a magnitude of zero an angle has no gradient that is a number.
        error = torch.where(heard, torch.where(heard, given, 1.0).angle() - wanted.angle(), 0.0)
        loss = _mean(error, heard)
        for axis in (1, 2):  # frequency: group delay; time: instantaneous angular frequency
            low = heard.narrow(axis, 0, heard.shape[axis] - 1)
            loss = loss + _mean(error.diff(dim=axis), low & heard.narrow(axis, 1, heard.shape[axis] - 1))
        return loss

    def _spectrum(self, audio: Tensor) -> Tensor:
        return torch.stft(audio, self.n_fft, self.hop_samples, window=self.window, return_complex=True)


def _mean(error: Tensor, heard: Tensor) -> Tensor:
    return (anti_wrapping(error) * heard).sum() / heard.sum().clamp_min(1)
