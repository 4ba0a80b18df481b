"""Linear prediction of audio: what of a signal its surroundings do not explain, and what they would have in a gap.

The model is autoregressive (AR): a sample is a weighted sum of the samples before it, plus a residual. For each hop it
is estimated from a frame before and a frame after the hop, and from nothing of the hop itself, so that a click is not
made part of what is expected. Gaps are interpolated by least squares: Janssen, Veldhuis and Vries, "Adaptive
interpolation of discrete-time signals that can be modeled as autoregressive processes", IEEE ASSP 34, 1986; Godsill
and Rayner, "Digital Audio Restoration", Springer 1998, chapter 5.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.fft
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy.linalg import solveh_banded

Samples = NDArray[np.float64]
HOP_S = 0.004
_FRAME_HOPS = 4  # 16 ms: a period of every voice
_GUARD_HOPS = 1
"""Between the hop and the frames: a click that begins in the hop may end behind it."""
_HIGHEST_ORDER = 32
_WHITE = 1e-9
"""Share of white noise that is added to each model, which keeps it solvable for tones and for silence."""
_SILENCE_POWER = 1e-12


@dataclass(frozen=True)
class Grid:
    """How many samples the hops and frames of a sample rate have."""

    hop: int
    order: int

    @classmethod
    def of(cls, sample_rate: int) -> Grid:
        """The grid of a rate in Hz: an order that gives each formant its pair of poles, and the slope a few."""
        return cls(max(1, round(HOP_S * sample_rate)), min(_HIGHEST_ORDER, sample_rate // 1000 + 4))

    @property
    def frame(self) -> int:
        """Samples of each of the two frames that a model is estimated from."""
        return _FRAME_HOPS * self.hop

    @property
    def margin(self) -> int:
        """Samples on either side of a hop that its model is estimated from."""
        return (_FRAME_HOPS + _GUARD_HOPS) * self.hop


@dataclass(frozen=True)
class Predicted:
    """Models of the hops of a stretch of audio, and what they leave unexplained."""

    models: Samples
    """(hops, order + 1): the weights of the prediction error filter, the first of them 1."""
    forward: Samples
    """(n,): the residual of each sample after those before it."""
    backward: Samples
    """(n,): the residual of each sample after those behind it."""


def predicted(window: Samples, grid: Grid, white: float = _WHITE) -> Predicted:
    """Models and residuals of the whole hops of (margin + n + margin) samples.

    Args:
        window: The samples.
        grid: Hops and frames.
        white: Share of white noise that each model expects: with more of it, less is made of bands that hold nothing.
    """
    hop, order = grid.hop, grid.order
    n_hops = (len(window) - 2 * grid.margin) // hop
    frames = sliding_window_view(window, grid.frame)[::hop]
    lags = _autocorrelation(frames, order, white)
    behind = _FRAME_HOPS + 2 * _GUARD_HOPS + 1
    models = _levinson(lags[:n_hops] + lags[behind : behind + n_hops])
    around = sliding_window_view(window, hop + 2 * order)[grid.margin - order :: hop][:n_hops]
    size = scipy.fft.next_fast_len(hop + 2 * order, real=True)
    spectra, filters = scipy.fft.rfft(around, size), scipy.fft.rfft(models, size)
    # One sample of the circle in front: the filter and, turned round, its mirror image never reach over the ends.
    forward = scipy.fft.irfft(spectra * filters, size)[:, order : order + hop]
    backward = scipy.fft.irfft(spectra * np.conj(filters), size)[:, order : order + hop]
    return Predicted(models, forward.ravel(), backward.ravel())


def model_at(window: Samples, grid: Grid, hop: int) -> Samples:
    """(order + 1,): the model of one of the hops of (margin + n + margin) samples, of what is around it."""
    start = hop * grid.hop
    return predicted(window[start : start + 2 * grid.margin + grid.hop], grid).models[0]


def interpolate(samples: Samples, start: int, stop: int, model: Samples) -> Samples:
    """What belongs into samples `start` to `stop` by their surroundings: the least residual over all that they touch.

    There have to be as many samples on either side as the model has weights.
    """
    reach = len(model) - 1
    both_ways = np.correlate(model, model, "full")
    known = samples[start - reach : stop + reach].copy()
    known[reach : reach + stop - start] = 0.0
    wanted = -np.convolve(known, both_ways, "same")[reach : reach + stop - start]
    bands = np.zeros((min(reach, stop - start - 1) + 1, stop - start))
    bands += both_ways[reach : reach + len(bands), None]
    return np.asarray(solveh_banded(bands, wanted, lower=True))


def _autocorrelation(frames: Samples, order: int, white: float) -> Samples:
    """(frames, order + 1) of windowed frames (frames, n)."""
    length = frames.shape[1]
    size = scipy.fft.next_fast_len(length + order, real=True)
    spectra = scipy.fft.rfft(frames * np.hanning(length + 2)[1:-1], size)
    lags = scipy.fft.irfft(spectra.real**2 + spectra.imag**2, size)[:, : order + 1]
    lags[:, 0] = lags[:, 0] * (1 + white) + _SILENCE_POWER * length
    return np.asarray(lags)


def _levinson(lags: Samples) -> Samples:
    """Prediction error filters (frames, order + 1) of autocorrelations, by the recursion of Levinson and Durbin."""
    weights = np.zeros_like(lags)
    weights[:, 0] = 1.0
    error = lags[:, 0].copy()
    for step in range(1, lags.shape[1]):
        turned = weights[:, step - 1 :: -1] if step > 1 else weights[:, :1]
        reflection = -np.einsum("fk,fk->f", turned[:, :step], lags[:, 1 : step + 1]) / error
        weights[:, 1 : step + 1] += reflection[:, None] * turned[:, :step].copy()
        error *= np.maximum(1 - reflection**2, np.finfo(float).tiny)
    return weights
