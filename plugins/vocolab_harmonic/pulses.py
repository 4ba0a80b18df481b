"""Pulses of F0: all harmonics below half the sample rate, at equal strength, without aliasing."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional as F

from vocolab.networks.frame_rate import between_frames
from vocolab_harmonic.sizes import NEAR_ZERO, REACH_FRAMES, RESTING_HZ


def gate(f0_hz: Tensor) -> Tensor:
    """1 where pulses are heard and 0 elsewhere, (batch, frames) as the F0, which is 0 in unvoiced frames."""
    voiced, frames = (f0_hz > 0).to(f0_hz.dtype), f0_hz.shape[1]
    padded = F.pad(voiced, (REACH_FRAMES, REACH_FRAMES))
    for shift in range(2 * REACH_FRAMES + 1):
        voiced = torch.maximum(voiced, padded[:, shift : shift + frames])
    return voiced


def running(f0_hz: Tensor) -> Tensor:
    """F0 in every frame: that of the nearest voiced one, and where none is near a resting frequency."""
    f0 = f0_hz
    for _ in range(REACH_FRAMES + 1):
        padded = F.pad(f0, (1, 1))
        near = torch.where(padded[:, :-2] > 0, padded[:, :-2], padded[:, 2:])
        f0 = torch.where(f0 > 0, f0, near)
    return torch.where(f0 > 0, f0, torch.full_like(f0, RESTING_HZ))


def phases(f0_hz: Tensor, sample_rate: int, hop_samples: int, start: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """The running F0 in Hz and its phase in periods, in float64, at each sample: both (batch, frames * hop_samples).

    Args:
        f0_hz: (batch, frames), above 0 everywhere.
        sample_rate: In Hz.
        hop_samples: Samples of a frame.
        start: (batch, 1), the phase before the first sample; None: 0.
    """
    at_samples = between_frames(f0_hz.double(), hop_samples, (hop_samples - 1) / 2)
    # Frame by frame and without whole periods: one long sum would lose a digit a minute.
    inside = torch.cumsum((at_samples / sample_rate).reshape(f0_hz.shape[0], f0_hz.shape[1], hop_samples), dim=2)
    before = F.pad(torch.cumsum(inside[:, :, -1] % 1.0, dim=1), (1, 0))[:, : f0_hz.shape[1]]
    phase = (inside + before[..., None]).flatten(1)
    return at_samples, phase if start is None else phase + start


def pulses(at_samples_hz: Tensor, phase: Tensor, sample_rate: int) -> Tensor:
    """The sum of all harmonics, of about unit RMS, (batch, samples).

    sum_{k=1..M} cos(k p) = sin((M + 1/2) p) / (2 sin(p / 2)) - 1/2. The highest one comes in as it falls from half the
    sample rate, over one F0, so that none begins at once.
    """
    count = sample_rate / 2 / at_samples_hz
    whole = torch.floor(count).clamp_min(1)
    angle = (phase - torch.floor(phase)) * (2 * math.pi)
    half = torch.sin(angle / 2)
    safe = torch.where(half.abs() < NEAR_ZERO, torch.ones_like(half), half)
    total = torch.sin((whole + 0.5) * angle) / (2 * safe) - 0.5
    total = torch.where(half.abs() < NEAR_ZERO, whole, total)
    total = total - (1 - (count - whole)).clamp(0, 1) * torch.cos(whole * angle)
    return (total * torch.sqrt(2 / count)).float()
