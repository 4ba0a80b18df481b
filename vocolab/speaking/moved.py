"""By how much mastering has moved speech: a preset may trim and pad, and times are to be those of the finished file."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vocolab.signals import Signal

STEP_S = 0.001
"""What a move is told to."""
_MOST_S = 20.0
"""The furthest that is looked for: no preset pads more."""
_COMPARED_S = 30.0
_FLOOR = 1e-4
"""-80 dBFS: what is under it is silence in both."""


def moved_s(spoken: Signal, finished: Signal) -> float:
    """How many seconds later everything is in `finished`; less than 0 if its beginning was cut off.

    Where the lengths are the same nothing has moved. Else it is the lag at which the two envelopes agree best, in
    decibels, over the first half minute; gains that change slowly are in both.
    """
    if abs(_seconds(spoken) - _seconds(finished)) < STEP_S:
        return 0.0
    first, second = _envelope_db(spoken, _COMPARED_S), _envelope_db(finished, _COMPARED_S + _MOST_S)
    n_lags = round(_MOST_S / STEP_S)
    size = 1 << int(np.ceil(np.log2(first.size + second.size + 2 * n_lags)))
    product = np.conj(np.fft.rfft(first, size)) * np.fft.rfft(second, size)
    agreement = np.fft.irfft(product, size)
    lags = np.arange(-n_lags, n_lags + 1)
    return float(lags[np.argmax(agreement[lags])] * STEP_S)


def _seconds(signal: Signal) -> float:
    return signal.n_samples / signal.sample_rate


def _envelope_db(signal: Signal, seconds: float) -> NDArray[np.float64]:
    """RMS level of each millisecond over the floor, in dB, of the first `seconds`; its mean is 0."""
    parts, n_taken, n_wanted = [], 0, round(seconds * signal.sample_rate)
    for block in signal.blocks():
        parts.append(block.mean(axis=0)[: n_wanted - n_taken])
        n_taken += parts[-1].size
        if n_taken >= n_wanted:
            break
    samples = np.concatenate([np.zeros(0, np.float32), *parts]).astype(np.float64)
    n_steps = int(samples.size / (signal.sample_rate * STEP_S))
    edges = np.round(np.arange(n_steps + 1) * signal.sample_rate * STEP_S).astype(np.int64)
    sums = np.concatenate([[0.0], np.cumsum(samples**2)])
    power = np.diff(sums[edges]) / np.maximum(np.diff(edges), 1)
    levels = 10 * np.log10(np.maximum(power, 0.0) + _FLOOR**2)
    levels -= levels.mean() if levels.size else 0.0
    return levels
