"""How loud a recording is from moment to moment, and the spectrum of its quiet moments: its noise floor.

Moments of about 50 ms are sorted by level, in steps of half a decibel; each step keeps how many there were and their
mean spectrum. So a recording of any length is told in the same memory.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vocolab.signals import Signal
from vocolab_restoration.spectral_blocks import OVERLAP, SpectralBlocks

Real = NDArray[np.float64]

_STEP_DB = 0.5
_LOWEST_DB = -140.0
_HIGHEST_DB = 60.0
_FLOOR_SHARE = 0.1
"""Of all moments: the quietest tenth are pauses, between words if not between sentences."""
_SPEECH_DB = 30.0
"""What is so far under the loudest moments is no speech."""
_MOMENT_FRAMES = 6
_LOW_HZ = 70.0
"""Rumble and the mains' fundamental are no noise that this is about."""


class QuietSpectra:
    """Takes the powers of short-time spectra.

    Args:
        sample_rate: In Hz.
        hop: Samples from spectrum to spectrum.
    """

    def __init__(self, sample_rate: int, hop: int) -> None:
        n_bins = OVERLAP * hop // 2 + 1
        self._heard = np.fft.rfftfreq(OVERLAP * hop, 1 / sample_rate) >= min(_LOW_HZ, sample_rate / 4)
        n_steps = round((_HIGHEST_DB - _LOWEST_DB) / _STEP_DB) + 1
        self.counts = np.zeros(n_steps, np.int64)
        self._sums = np.zeros((n_steps, n_bins))
        self._waiting = np.zeros((0, n_bins))
        self.levels_db = _LOWEST_DB + _STEP_DB * np.arange(n_steps)
        """Of each step; of the powers that are given, over all bins."""

    def add(self, powers: Real) -> None:
        """The next (frames, bins)."""
        joined = np.concatenate([self._waiting, powers])
        n_moments = len(joined) // _MOMENT_FRAMES
        self._waiting = joined[n_moments * _MOMENT_FRAMES :].copy()
        moments = joined[: n_moments * _MOMENT_FRAMES].reshape(n_moments, _MOMENT_FRAMES, joined.shape[1])
        moments = moments.mean(axis=1)
        levels_db = 10 * np.log10(moments[:, self._heard].sum(axis=1) + 1e-30)
        steps = np.clip(np.round((levels_db - _LOWEST_DB) / _STEP_DB), 0, len(self.counts) - 1).astype(int)
        np.add.at(self.counts, steps, 1)
        np.add.at(self._sums, steps, moments)

    @property
    def snr_db(self) -> float:
        """Speech over the quietest tenth of the moments; infinite where these are silent, or there are none."""
        floor, loud = self._floor_step(), np.flatnonzero(self.counts)
        if floor is None or floor == 0:
            return float("inf")
        speech = loud[self.levels_db[loud] >= self.levels_db[loud[-1]] - _SPEECH_DB]
        powers = 10 ** (self.levels_db[speech] / 10)
        level_db = 10 * np.log10(np.average(powers, weights=self.counts[speech]))
        return float(level_db - self.levels_db[floor])

    @property
    def mean(self) -> Real:
        """(bins,) mean powers of all moments."""
        return np.asarray(self._sums.sum(axis=0) / max(self.counts.sum(), 1))

    @property
    def floor(self) -> Real:
        """(bins,) mean powers of the quietest tenth of what is not silent; zeros where all is silent."""
        counts = self.counts.copy()
        counts[0] = 0
        total = counts.sum()
        if not total:
            return np.zeros(self._sums.shape[1])
        last = int(np.searchsorted(np.cumsum(counts), max(1, _FLOOR_SHARE * total)))
        quiet = slice(1, last + 1)
        return np.asarray(self._sums[quiet].sum(axis=0) / counts[quiet].sum())

    def _floor_step(self) -> int | None:
        total = self.counts.sum()
        return int(np.searchsorted(np.cumsum(self.counts), max(1, _FLOOR_SHARE * total))) if total else None


def powers_of(spectra: NDArray[np.complex64]) -> Real:
    """(frames, bins): the mean over the channels of (frames, channels, bins)."""
    return np.asarray((np.square(spectra.real) + np.square(spectra.imag)).mean(axis=1, dtype=np.float64))


def read_quiet(signal: Signal, hop: int, start_s: float = 0.0, end_s: float = float("inf")) -> QuietSpectra:
    """The moments of a signal between two times."""
    quiet = QuietSpectra(signal.sample_rate, hop)
    frame = 0

    def take(spectra: NDArray[np.complex64]) -> NDArray[np.complex64]:
        nonlocal frame
        middles_s = (frame + np.arange(len(spectra)) - OVERLAP / 2 + 1) * hop / signal.sample_rate
        frame += len(spectra)
        quiet.add(powers_of(spectra[(middles_s >= start_s) & (middles_s < end_s)]))
        return spectra

    blocks = SpectralBlocks(take, hop, signal.channels)
    for block in signal.blocks():
        blocks.process(block)
    return quiet
