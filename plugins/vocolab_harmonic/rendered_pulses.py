"""Pulses by NumPy, for rendering: what `pulses.py` says, which is for training and for graphs.

F0 and phases are (frames,) and (samples,); there is no batch.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from vocolab_harmonic.sizes import NEAR_ZERO, REACH_FRAMES, RESTING_HZ

Doubles = NDArray[np.float64]
Floats = NDArray[np.float32]


def gate(f0_hz: NDArray[Any]) -> NDArray[Any]:
    """1 where pulses are heard and 0 elsewhere: `pulses.gate`."""
    voiced = (f0_hz > 0).astype(f0_hz.dtype)
    padded, frames = _between_zeros(voiced, REACH_FRAMES), f0_hz.size
    shifted = [padded[shift : shift + frames] for shift in range(2 * REACH_FRAMES + 1)]
    return np.max(shifted, axis=0) if frames else voiced


def running(f0_hz: NDArray[Any]) -> NDArray[Any]:
    """F0 in every frame, that of the nearest voiced one: `pulses.running`."""
    f0 = f0_hz
    for _ in range(REACH_FRAMES + 1):
        padded = _between_zeros(f0, 1)
        near = np.where(padded[:-2] > 0, padded[:-2], padded[2:])
        f0 = np.where(f0 > 0, f0, near)
    return np.where(f0 > 0, f0, f0.dtype.type(RESTING_HZ))


def _between_zeros(values: NDArray[Any], many: int) -> NDArray[Any]:
    """So many before and after; NumPy's own way takes several times as long for a few."""
    padded = np.zeros(values.size + 2 * many, values.dtype)
    padded[many : many + values.size] = values
    return padded


def between_frames(values: NDArray[Any], steps: int) -> NDArray[Any]:
    """Values of frames at each of a frame's `steps` samples: `vocolab.networks.frame_rate`, about their middles."""
    padded = np.concatenate([values[:1], values, values[-1:]])[:, None]
    below, here, above = padded[:-2], padded[1:-1], padded[2:]
    place = ((np.arange(steps) - (steps - 1) / 2) / steps).astype(values.dtype)
    return np.where(place < 0, here + (here - below) * place, here + (above - here) * place).ravel()


def phases(f0_hz: NDArray[Any], sample_rate: int, hop_samples: int) -> tuple[Doubles, Doubles]:
    """The running F0 in Hz and its phase in periods at each sample: `pulses.phases`."""
    at_samples = between_frames(f0_hz.astype(np.float64), hop_samples)
    inside = np.cumsum((at_samples / sample_rate).reshape(-1, hop_samples), axis=1)
    before = np.concatenate([[0.0], np.cumsum(inside[:-1, -1] % 1.0)])
    return at_samples, (inside + before[:, None]).ravel()


def pulses(at_samples_hz: Doubles, phase: Doubles, sample_rate: int) -> Floats:
    """The sum of all harmonics, of about unit RMS, (samples,): `pulses.pulses`."""
    count = (sample_rate / 2 / at_samples_hz).astype(np.float32)
    whole = np.maximum(np.floor(count), 1)
    turn = phase - np.rint(phase)
    half = np.sin((turn * np.pi).astype(np.float32))
    is_top = np.abs(half) < NEAR_ZERO
    # Whole periods are taken off in double precision: sines of float32 are several times as fast, and near 0 as exact.
    total = _sine((whole + 0.5) * turn) / (2 * np.where(is_top, 1, half)) - np.float32(0.5)
    total = np.where(is_top, whole, total)
    total -= np.clip(1 - (count - whole), 0, 1) * _sine(whole * turn + 0.25)
    return (total * np.sqrt(2 / count)).astype(np.float32)  # type: ignore[no-any-return]


def _sine(turns: Doubles) -> Floats:
    """Of so many periods."""
    turns = turns - np.rint(turns)
    return np.sin((turns * (2 * np.pi)).astype(np.float32))  # type: ignore[no-any-return]
