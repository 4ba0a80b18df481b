"""The level that a mel implies: what audio is divided by before it enters a flow, where the config asks for it."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor, nn

from vocolab.mels.filters import analysis_window, mel_filters, spectrum_gain
from vocolab.mels.scaling import nats, statistics
from vocolab.mels.spec import MelSpec
from vocolab.networks.frame_rate import between_frames

_FLOOR = 1e-4
"""-80 dBFS: nothing is amplified beyond what 16 bits hold."""


class EnergyPrior(nn.Module):
    """Root mean square of the audio around every sample, read off the mel.

    With A_b the sum of a band's filter and n_b = A_b / max filter its width in bins, the band's bins have about the
    magnitude s_b = (x_b / A_b) ** (1 / power) / spectrum gain, and by Parseval

        rms ** 2 = 2 / (n_fft * sum(window ** 2)) * sum_b n_b * s_b ** 2

    of a frame; between the centres of frames it is interpolated on a log scale. Places are numbers of samples here: a
    frame stands at the mean number of its own samples, (hop - 1) / 2, or at its first, 0, as the convention centres it.
    Trained voices know their level from these places.
    """

    def __init__(self, spec: MelSpec) -> None:
        super().__init__()
        self.spec = spec
        self.centre_samples = (spec.hop_samples - 1) / 2 if spec.padding == "hifigan" else 0.0
        filters = mel_filters(spec).astype(np.float64)
        areas = np.maximum(filters.sum(axis=1), 1e-12)
        widths = areas / np.maximum(filters.max(axis=1), 1e-12)
        window_power = float(np.sum(analysis_window(spec).astype(np.float64) ** 2))
        share = 2 / (spec.n_fft * window_power) * widths / (areas ** (1 / spec.power) * spectrum_gain(spec)) ** 2
        self.register_buffer("log_share", torch.from_numpy(np.log(share).astype(np.float32))[:, None], persistent=False)
        self.log_unit = nats(spec) / spec.log_gain * 2 / spec.power
        mean, scale = (torch.from_numpy(values.astype(np.float32)) for values in statistics(spec))
        self.register_buffer("mean", mean, persistent=False)
        self.register_buffer("scale", scale, persistent=False)

    def forward(self, mel: Tensor) -> Tensor:
        """(batch, n_mels, frames) to ln of the level, (batch, frames * hop_samples)."""
        values = mel * self.scale + self.mean - self.spec.log_offset  # type: ignore[operator]
        log_power = torch.logsumexp(values * self.log_unit + self.log_share, dim=1)  # type: ignore[operator]
        log_rms = (0.5 * log_power).clamp_min(math.log(_FLOOR))
        return between_frames(log_rms, self.spec.hop_samples, self.centre_samples)
