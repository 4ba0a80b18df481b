"""How loud the tracks are in frames of 20 ms, weighted as loudness is, and how loud a speaker is where he speaks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vocolab.block_buffers import Waiting
from vocolab.loudness.gating import gated_lufs
from vocolab.loudness.kweighting import KWeighting
from vocolab.mixing.speakers import FRAME_S
from vocolab.signals import Signal

_WINDOW_FRAMES, _STEP_FRAMES = 20, 5
"""400 ms, that overlap by 75 %: the gating blocks of ITU-R BS.1770-5."""


def frame_samples(sample_rate: int) -> int:
    """Samples in a frame of 20 ms."""
    return max(1, round(FRAME_S * sample_rate))


def frame_powers(signal: Signal) -> NDArray[np.float64]:
    """(frames,): the K-weighted power of all channels; the last frame is filled up with silence."""
    length = frame_samples(signal.sample_rate)
    weighting, waiting = KWeighting(signal.sample_rate, signal.channels), Waiting(signal.channels, length)
    powers = []
    for block in signal.blocks():
        powers += [np.square(frame).mean(axis=1).sum() for frame in waiting.windows(weighting.process(block))]
    if waiting.samples.shape[1]:
        powers.append(np.square(waiting.samples).sum() / length)
    return np.array(powers)


def loudness_lufs(powers: NDArray[np.float64], gains: NDArray[np.floating]) -> float | None:
    """Integrated loudness of a track whose frames have a gain; None where nothing is loud enough."""
    heard = np.concatenate([[0.0], np.cumsum(powers * np.square(gains, dtype=np.float64))])
    starts = np.arange(0, len(powers) - _WINDOW_FRAMES + 1, _STEP_FRAMES)
    return gated_lufs((heard[starts + _WINDOW_FRAMES] - heard[starts]) / _WINDOW_FRAMES)
