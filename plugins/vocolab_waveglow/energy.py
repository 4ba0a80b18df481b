"""The level that a mel implies: what audio is divided by before it enters a flow, where the config asks for it."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor, nn

from vocolab.mels.filters import analysis_window, mel_filters, spectrum_gain
from vocolab.mels.spec import MelSpec

_FLOOR = 1e-4
"""-80 dBFS: nothing is amplified beyond what 16 bits hold."""


class EnergyPrior(nn.Module):
    """Root mean square of the audio around every sample, read off the mel.

    With A_b the sum of a band's filter and n_b = A_b / max filter its width in bins, the band's bins have about the
    magnitude s_b = (x_b / A_b) ** (1 / power) / spectrum gain, and by Parseval

        rms ** 2 = 2 / (n_fft * sum(window ** 2)) * sum_b n_b * s_b ** 2

    of a frame; between the centres of frames it is interpolated on a log scale.
    """

    def __init__(self, spec: MelSpec) -> None:
        super().__init__()
        self.spec = spec
        filters = mel_filters(spec).astype(np.float64)
        areas = np.maximum(filters.sum(axis=1), 1e-12)
        widths = areas / np.maximum(filters.max(axis=1), 1e-12)
        window_power = float(np.sum(analysis_window(spec).astype(np.float64) ** 2))
        share = 2 / (spec.n_fft * window_power) * widths / (areas ** (1 / spec.power) * spectrum_gain(spec)) ** 2
        log_base = 1.0 if spec.log_base == "e" else math.log(10)
        self.register_buffer("log_share", torch.from_numpy(np.log(share).astype(np.float32))[:, None], persistent=False)
        self.log_unit = log_base / spec.log_gain * 2 / spec.power
        statistics = (spec.mean or (0.0,) * spec.n_mels, spec.scale or (1.0,) * spec.n_mels)
        mean, scale = (torch.tensor(values, dtype=torch.float32)[:, None] for values in statistics)
        self.register_buffer("mean", mean, persistent=False)
        self.register_buffer("scale", scale, persistent=False)

    def forward(self, mel: Tensor) -> Tensor:
        """(batch, n_mels, frames) to ln of the level, (batch, frames * hop_samples)."""
        values = mel * self.scale + self.mean - self.spec.log_offset  # type: ignore[operator]
        log_power = torch.logsumexp(values * self.log_unit + self.log_share, dim=1)  # type: ignore[operator]
        log_rms = (0.5 * log_power).clamp_min(math.log(_FLOOR))
        return linear_curve(log_rms, self.spec)


def linear_curve(points: Tensor, spec: MelSpec) -> Tensor:
    """(batch, frames) to (batch, frames * hop_samples): lines between the frames' centres, flat at the ends."""
    hop = spec.hop_samples
    centre = (hop - 1) / 2 if spec.padding == "hifigan" else 0.0
    before, here, after = points[:, :1], points, points[:, -1:]
    padded = torch.cat([before, here, after], dim=1)[..., None]
    place = (torch.arange(hop, device=points.device, dtype=points.dtype) - centre) / hop  # from the frame's own centre
    backward, forward = (-place).clamp_min(0.0), place.clamp_min(0.0)
    curve = padded[:, :-2] * backward + padded[:, 1:-1] * (1 - backward - forward) + padded[:, 2:] * forward
    return curve.flatten(1)
