"""Bands to audio: the synthesis half of a pseudo quadrature mirror filter bank.

Nguyen, "Near-perfect-reconstruction pseudo-QMF banks" (1994); the prototype is a Kaiser-windowed sinc, whose cutoff is
the bank's one free number (Lin and Vaidyanathan, 1998).
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

TAPS = 62
"""Taps of the prototype but for one."""
_KAISER_BETA = 9.0


def synthesis_filters(bands: int, cutoff: float) -> NDArray[np.float32]:
    """The filter of each band, (bands, TAPS + 1): the prototype, moved to the band's middle."""
    places = np.arange(TAPS + 1) - TAPS / 2
    prototype = cutoff * np.sinc(cutoff * places) * np.kaiser(TAPS + 1, _KAISER_BETA)
    band = np.arange(bands)[:, None]
    phase = (2 * band + 1) * (np.pi / (2 * bands)) * places - (-1.0) ** band * np.pi / 4
    return (2 * prototype * np.cos(phase)).astype(np.float32)


class FilterBank(nn.Module):
    """(batch, bands, time) to (batch, bands * time)."""

    filters: Tensor

    def __init__(self, bands: int, cutoff: float) -> None:
        super().__init__()
        self.bands = bands
        self.register_buffer("filters", torch.from_numpy(synthesis_filters(bands, cutoff))[None], persistent=False)

    def forward(self, bands: Tensor) -> Tensor:
        """Zeros between the samples of each band, its filter over them, all bands added."""
        batch, count, time = bands.shape
        spread = F.pad(bands[..., None] * self.bands, (0, self.bands - 1)).reshape(batch, count, time * self.bands)
        return F.conv1d(spread, self.filters, padding=TAPS // 2).squeeze(1)
