"""What F0 a frame may have by YIN: the dips of its cumulative mean normalised difference function.

De Cheveigné and Kawahara, "YIN, a fundamental frequency estimator for speech and music" (2002):

    d(lag)  = sum over a window of (x[n] - x[n + lag])^2
    d'(lag) = d(lag) / (mean of d(1) ... d(lag)),   0 for a periodic sound at its period, about 1 for noise

A dip's strength is 1 - d'. YIN itself takes the first dip under a threshold, in each frame alone; here all dips go
into the path of `vocolab.pitch.tracking`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vocolab.pitch.candidates import Candidates

ENOUGH_HZ = 10_000
VOICING = 0.6
_TINY = 1e-12


def window_samples(sample_rate: float, lowest_hz: float) -> int:
    """How long a frame has to be: a window of the longest period, and the longest lag."""
    return 2 * round(sample_rate / lowest_hz + 2)


def candidates(
    frames: NDArray[np.float32], sample_rate: float, *, lowest_hz: float, highest_hz: float, count: int
) -> Candidates:
    """The `count` deepest dips of each frame of (frames, `window_samples`)."""
    longest = round(sample_rate / lowest_hz) + 3
    normalised = _normalised(frames, longest)
    lags = np.arange(1, longest - 1)
    inner = normalised[:, 1:-1]
    dips = (inner < normalised[:, :-2]) & (inner <= normalised[:, 2:]) & (inner < 1)
    dips &= (lags >= sample_rate / highest_hz - 1) & (lags <= sample_rate / lowest_hz + 1)
    depths = np.where(dips, 1 - inner, 0)
    best = np.argpartition(-depths, count, axis=1)[:, :count] + 1
    below, here, above = (np.take_along_axis(normalised, best + step, 1) for step in (-1, 0, 1))
    curve = below - 2 * here + above
    shift = np.where(curve > _TINY, (below - above) / (2 * np.maximum(curve, _TINY)), 0).clip(-0.5, 0.5)
    found = np.take_along_axis(depths, best - 1, 1) > 0
    strength = np.where(found, (1 - here + (below - above) * shift / 4).clip(0, 1), 0)
    return Candidates((sample_rate / (best + shift)).astype(np.float32), strength.astype(np.float32))


def _normalised(frames: NDArray[np.float32], lags: int) -> NDArray[np.float32]:
    """d' of each frame at each lag from 0 on: (frames, lags)."""
    window = frames.shape[1] - lags
    x = (frames - frames.mean(axis=1, keepdims=True)).astype(np.float64)
    n_fft = 1 << (frames.shape[1] + window).bit_length()
    head = np.fft.rfft(x[:, :window], n_fft)
    products = np.fft.irfft(np.conj(head) * np.fft.rfft(x, n_fft), n_fft)[:, :lags]
    sums = np.cumsum(np.pad(np.square(x), ((0, 0), (1, 0))), axis=1)
    energy = sums[:, window : window + lags] - sums[:, :lags]
    d = np.maximum(energy[:, :1] + energy - 2 * products, 0)
    means = np.cumsum(d[:, 1:], axis=1) / np.arange(1, lags)
    result = np.ones_like(d)
    result[:, 1:] = d[:, 1:] / np.maximum(means, _TINY)
    return np.asarray(result, dtype=np.float32)
