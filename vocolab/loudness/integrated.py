"""Integrated loudness alone: what a search that measures again and again needs, at half the meter's cost."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from vocolab.errors import AudioError
from vocolab.layouts import Layout, layout_of
from vocolab.loudness.bins import PowerBins
from vocolab.loudness.gating import channel_weights, gated_lufs
from vocolab.loudness.kweighting import KWeighting
from vocolab.loudness.lift import Lift
from vocolab.signals import Signal

_BIN_MS = 100
_GATING_BINS = 4  # blocks of 400 ms that overlap by 75 %


class IntegratedMeter:
    """Integrated loudness of a stream of any length, as `LoudnessMeter` reads it.

    Raises:
        AudioError: for more than 6 channels without a layout.
    """

    def __init__(self, sample_rate: int, channels: int, layout: Layout | None = None) -> None:
        weights = channel_weights(channels, layout)
        self._counted = np.flatnonzero(weights)
        self._has_all = len(self._counted) == channels
        self._lift = Lift(sample_rate, len(self._counted))
        self._weighting = KWeighting(self._lift.sample_rate, len(self._counted))
        self._bins = PowerBins(self._lift.sample_rate, _BIN_MS, weights[self._counted])

    def add(self, block: NDArray[np.float32]) -> None:
        """Take the next (channels, n) samples."""
        counted = block if self._has_all else block[self._counted]
        self._bins.add(self._weighting.process(self._lift.process(counted.astype(np.float64))))

    def integrated_lufs(self) -> float | None:
        """What was read; None for silence and for less than 400 ms. The stream ends here.

        Raises:
            AudioError: if the stream held NaN or infinity.
        """
        self._bins.add(self._weighting.process(self._lift.finish()))
        if not math.isfinite(self._bins.energy):
            raise AudioError("the audio contains NaN or infinity, so it has no loudness; check what produced it")
        return gated_lufs(self._bins.window_powers(_GATING_BINS))


def integrated_lufs(signal: Signal) -> float | None:
    """Integrated loudness of a signal of 1 to 6 channels, or of more with a layout.

    None for silence and for less than 400 ms.

    Raises:
        AudioError: for more channels, and for samples that are NaN or infinite.
    """
    meter = IntegratedMeter(signal.sample_rate, signal.channels, layout_of(signal))
    for block in signal.blocks():
        meter.add(block)
    return meter.integrated_lufs()
