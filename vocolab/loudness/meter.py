"""The loudness meter: one walk through a signal, however long it is."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import soxr
from numpy.typing import NDArray

from vocolab.errors import AudioError
from vocolab.interfaces import Signal
from vocolab.loudness.gating import PowerBins, channel_weights, gated_lufs
from vocolab.loudness.kweighting import KWeighting
from vocolab.loudness.true_peak import TruePeakMeter

_BIN_MS = 100
_GATING_BINS = 4  # blocks of 400 ms that overlap by 75 %
_LOWEST_RATE_HZ = 16_000  # under it the weighting strays more than 0.05 dB
_STANDARD_RATE_HZ = 48_000


@dataclass(frozen=True)
class Loudness:
    """What the meter read; None where there is nothing to read."""

    integrated_lufs: float | None
    """ITU-R BS.1770-5, gated. None for silence (nothing above -70 LUFS) and for less than 400 ms."""
    true_peak_dbtp: float | None
    """Oversampled peak over full scale, never under the sample peak. None for digital silence."""
    sample_peak_dbfs: float | None
    """Highest sample over full scale. None for digital silence."""
    channels: int = 0
    """How many channels were measured; 0 where that is not known."""


class LoudnessMeter:
    """Reads a stream of any length in bounded memory. The result does not depend on how the stream is cut.

    Raises:
        AudioError: for more than 6 channels.
    """

    def __init__(self, sample_rate: int, channels: int) -> None:
        self._channels = channels
        self._weights = channel_weights(channels)
        self._lift = _Lift(sample_rate, channels)
        self._weighting = KWeighting(self._lift.sample_rate, channels)
        self._bins = PowerBins(self._lift.sample_rate, channels, _BIN_MS)
        self._peak = TruePeakMeter(sample_rate, channels)

    def add(self, block: NDArray[np.float32]) -> None:
        """Take the next (channels, n) samples.

        Raises:
            AudioError: if they hold NaN or infinity.
        """
        if block.size and not math.isfinite(float(np.abs(block).max())):
            raise AudioError("the audio holds NaN or infinity and has no loudness; find out what made it")
        self._peak.add(block)
        self._bins.add(self._weighting.process(self._lift.process(block)))

    def result(self) -> Loudness:
        """What was read. The stream ends here."""
        self._bins.add(self._weighting.process(self._lift.finish()))
        powers = self._weights @ self._bins.window_powers(_GATING_BINS)
        return Loudness(
            integrated_lufs=gated_lufs(powers),
            true_peak_dbtp=_decibels(self._peak.true_peak()),
            sample_peak_dbfs=_decibels(self._peak.sample_peak),
            channels=self._channels,
        )


def measure(signal: Signal) -> Loudness:
    """Integrated loudness, true peak and sample peak of a signal of 1 to 6 channels.

    Channels stand as in WAV files: L R, L R C, L R Ls Rs, L R C Ls Rs, L R C LFE Ls Rs. A mono signal counts as one
    front channel: it reads 3.01 LU less than the same signal on both of two channels.

    Raises:
        AudioError: for more channels, and for samples that are NaN or infinite.
    """
    meter = LoudnessMeter(signal.sample_rate, signal.channels)
    for block in signal.blocks():
        meter.add(block)
    return meter.result()


class _Lift:
    """Takes rates under 16 kHz to 48 kHz, where the weighting is exact; leaves others alone."""

    def __init__(self, sample_rate: int, channels: int) -> None:
        self._channels = channels
        self._stream: soxr.ResampleStream | None = None
        self.sample_rate = sample_rate
        if sample_rate < _LOWEST_RATE_HZ:
            self.sample_rate = _STANDARD_RATE_HZ
            self._stream = soxr.ResampleStream(sample_rate, _STANDARD_RATE_HZ, channels, dtype="float32")

    def process(self, block: NDArray[np.float32], last: bool = False) -> NDArray[np.float32]:
        if self._stream is None:
            return block
        # (channels, n) -> (n, channels) and back
        frames = self._stream.resample_chunk(np.ascontiguousarray(block.T), last=last)
        return np.asarray(frames, np.float32).reshape(-1, self._channels).T

    def finish(self) -> NDArray[np.float32]:
        return self.process(np.zeros((self._channels, 0), np.float32), last=True)


def _decibels(peak: float) -> float | None:
    return 20 * math.log10(peak) if peak > 0 else None
