"""How long a room rings after what is said in it, told by the speech alone.

Nothing in a room falls faster than the room lets it: 60 dB in its reverberation time. Speech stops abruptly many times
a minute, in one band or another. So the fast ones among the falls in a recording, band by band over 120 ms, give the
decay: those of a dry recording fall by some hundreds of decibels a second, those of a room never do (the idea of
J. Y. C. Wen et al., ICASSP 2008, of the distribution of decay rates).
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from vocolab.effects import Block
from vocolab.signals import Signal
from vocolab_restoration.spectral_blocks import OVERLAP, PowerFrames

WINDOW_MS = 32.0
LEAST_S = 2.0
"""In less too little is said to tell a room."""
_EDGES_HZ = (300.0, 450.0, 650.0, 900.0, 1200.0, 1600.0, 2100.0, 2800.0, 3600.0)
_FRAMES = 16
_LEAST_FALL_DB = 6.0
_RANGE_DB = 30.0
_FAST_PERCENTILE = 70.0
_SEEN_S = (0.0, 0.24, 0.35, 0.43, 0.50, 0.56, 0.65, 0.71, 0.76)
_TRUE_S = (0.0, 0.22, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0, 1.3)
"""What such falls say of rooms that are known: in long ones slow falls are too small to count. Measured on seven
readers in simulated rooms; more than the last can't be told."""
_FEWEST_FALLS = 40
_STEP_DB_PER_S = 5.0
_MOST_DB_PER_S = 2_000.0

Real = NDArray[np.float64]


class DecayReader:
    """Takes powers of spectra, and tells the reverberation time.

    Args:
        sample_rate: In Hz.
        hop: Samples from spectrum to spectrum.
    """

    def __init__(self, sample_rate: int, hop: int) -> None:
        frequency_hz = np.fft.rfftfreq(OVERLAP * hop, 1 / sample_rate)
        bands = pairwise(_EDGES_HZ)
        self._bands = np.array([(frequency_hz >= low) & (frequency_hz < high) for low, high in bands], float)
        self._hop_s = hop / sample_rate
        self._past = np.zeros((0, len(self._bands)))
        self._loudest_db = np.full(len(self._bands), -200.0)
        self._counts = np.zeros(round(_MOST_DB_PER_S / _STEP_DB_PER_S) + 1, np.int64)

    def add(self, powers: Real) -> None:
        """The next (frames, bins)."""
        levels_db = np.concatenate([self._past, 10 * np.log10(powers @ self._bands.T + 1e-14)])
        self._past = levels_db[max(len(levels_db) - _FRAMES + 1, 0) :]
        if len(levels_db) < _FRAMES:
            return
        windows = np.lib.stride_tricks.sliding_window_view(levels_db, _FRAMES, axis=0)
        # The loudest so far, slowly forgotten, frame by frame: the same however the frames come.
        place = np.arange(_FRAMES) - (_FRAMES - 1) / 2
        slopes = windows @ place / (place @ place)
        fitted = slopes[..., None] * place + windows.mean(axis=2, keepdims=True)
        off_db = np.sqrt(np.square(windows - fitted).mean(axis=2))
        for window, slope, off in zip(windows, slopes, off_db, strict=True):
            self._loudest_db = np.maximum(self._loudest_db - 0.002, window[:, -1])
            fall_db = -slope * (_FRAMES - 1)
            is_free = (fall_db > _LEAST_FALL_DB) & (off < 0.12 * fall_db + 0.5)
            is_free &= window[:, 0] > self._loudest_db - _RANGE_DB
            rates = -slope[is_free] / self._hop_s
            np.add.at(self._counts, np.clip(rates / _STEP_DB_PER_S, 0, len(self._counts) - 1).astype(int), 1)

    @property
    def t60_s(self) -> float | None:
        """The reverberation time; None where too little falls to tell it."""
        total = self._counts.sum()
        if total < _FEWEST_FALLS:
            return None
        fast = int(np.searchsorted(np.cumsum(self._counts), _FAST_PERCENTILE / 100 * total))
        return float(np.interp(60.0 / (_STEP_DB_PER_S * (fast + 0.5)), _SEEN_S, _TRUE_S))


class RoomReader:
    """Takes a recording of speech block by block, and tells its room."""

    def __init__(self, sample_rate: int, channels: int) -> None:
        self._frames = PowerFrames(sample_rate, channels, WINDOW_MS)
        self._decays = DecayReader(sample_rate, self._frames.hop)
        self._least, self._n_samples = LEAST_S * sample_rate, 0

    def accept(self, block: Block) -> None:
        """The next (channels, n)."""
        self._n_samples += block.shape[1]
        self._decays.add(self._frames.of(block))

    @property
    def t60_s(self) -> float | None:
        """The reverberation time so far; None where it can't be told."""
        return self._decays.t60_s if self._n_samples >= self._least else None


def read_t60_s(signal: Signal) -> float | None:
    """The reverberation time of a recording of speech in seconds; None where it can't be told."""
    reader = RoomReader(signal.sample_rate, signal.channels)
    for block in signal.blocks():
        reader.accept(block)
    return reader.t60_s
