"""Late reverberation predicted from the past and taken away: WPE, segment by segment.

T. Nakatani, T. Yoshioka, K. Kinoshita, M. Miyoshi, B.-H. Juang, "Speech Dereverberation Based on Variance-Normalized
Delayed Linear Prediction", IEEE TASLP 18(7), 2010. In each bin, what `_DELAY` frames and more before predicts of a
frame is reverberation, since speech is over by then; the frames count by the inverse of the power that the speech alone
has, found in a few rounds. Segments of some seconds are predicted apart and fade into each other.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vocolab_restoration.spectral_blocks import Spectra

SEGMENT_FRAMES = 640
FADE_FRAMES = 160
_TAPS = 12
_DELAY = 3
_ROUNDS = 2
_BINS_AT_ONCE = 64


class PredictedSegments:
    """Gives as many frames as it takes, `lag` of them late; the first `lag` are of no use.

    Args:
        channels: Each is predicted from itself.
        bins: How many bins spectra have.
        top: Up to which bin it works; the others pass.
    """

    lag = SEGMENT_FRAMES

    def __init__(self, channels: int, bins: int, top: int) -> None:
        self._top = top
        self._waiting = np.zeros((FADE_FRAMES, channels, bins), np.complex64)
        self._faded = np.zeros((FADE_FRAMES, channels, bins), np.complex64)
        self._ready = np.zeros((SEGMENT_FRAMES - FADE_FRAMES, channels, bins), np.complex64)

    def process(self, spectra: Spectra) -> Spectra:
        """The next frames (frames, channels, bins)."""
        self._waiting = np.concatenate([self._waiting, spectra])
        parts = [self._ready]
        while len(self._waiting) >= SEGMENT_FRAMES:
            parts.append(self._segment(self._waiting[:SEGMENT_FRAMES]))
            self._waiting = self._waiting[SEGMENT_FRAMES - FADE_FRAMES :]
        ready = np.concatenate(parts)
        self._ready = ready[len(spectra) :]
        return ready[: len(spectra)]

    def _segment(self, given: Spectra) -> Spectra:
        made = given.copy()
        for channel in range(given.shape[1]):
            for low in range(0, self._top, _BINS_AT_ONCE):
                part = slice(low, min(low + _BINS_AT_ONCE, self._top))
                made[:, channel, part] = without_late(given[:, channel, part])
        rise = (np.arange(FADE_FRAMES, dtype=np.float32) + 0.5)[:, None, None] / FADE_FRAMES
        made[:FADE_FRAMES] = rise * made[:FADE_FRAMES] + (1 - rise) * self._faded
        self._faded = made[-FADE_FRAMES:].copy()
        return made[:-FADE_FRAMES]


def without_late(spectra: NDArray[np.complex64]) -> NDArray[np.complex64]:
    """Spectra (frames, bins) of one channel less what is predicted of them."""
    powers = np.square(np.abs(spectra))
    heard = powers.sum(axis=1) > 0
    if np.count_nonzero(heard) < 4 * _TAPS:
        return spectra
    given = np.ascontiguousarray(spectra.T)
    past = np.zeros((given.shape[0], _TAPS, given.shape[1]), np.complex64)
    for tap in range(_TAPS):
        past[:, tap, _DELAY + tap :] = given[:, : given.shape[1] - _DELAY - tap]
    least = 1e-5 * powers.max(axis=0)[:, None] + 1e-20
    made = given
    for _ in range(_ROUNDS):
        made = given - _predicted(given, past, np.where(heard, 1 / np.maximum(_smooth(made), least), 0))
    return np.ascontiguousarray(made.T)


def _smooth(spectra: NDArray[np.complex64]) -> NDArray[np.float32]:
    """Powers (bins, frames), the mean over three frames."""
    powers = np.square(np.abs(spectra))
    padded = np.pad(powers, ((0, 0), (1, 1)), mode="edge")
    return np.asarray((padded[:, :-2] + padded[:, 1:-1] + padded[:, 2:]) / 3)


def _predicted(given: NDArray[np.complex64], past: NDArray[np.complex64], weights: NDArray[np.floating]) -> NDArray:
    weighted = past * weights[:, None].astype(np.float32)
    products = (weighted @ past.conj().transpose(0, 2, 1)).astype(np.complex128)
    wanted = (weighted @ given.conj()[..., None]).astype(np.complex128)
    trace = np.trace(products, axis1=1, axis2=2).real
    loading = (1e-4 * trace / _TAPS + 1e-12)[:, None, None] * np.eye(_TAPS)
    filters = np.linalg.solve(products + loading, wanted).astype(np.complex64)
    return np.asarray((filters.conj().transpose(0, 2, 1) @ past)[:, 0])
