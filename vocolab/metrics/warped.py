"""How close speech is to a recording of the same words that was said at another pace: compared along the best warping.

Dynamic time warping (Sakoe and Chiba, "Dynamic programming algorithm optimization for spoken word recognition", 1978),
symmetric, steps (1, 0), (0, 1) and (1, 1) of equal weight, over the cepstra of `vocolab.metrics.cepstra`. What is
compared is compared at each step of the path: its mean is over steps, silence and all.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vocolab.audio import Audio
from vocolab.errors import AudioError
from vocolab.mels.conventions import convention
from vocolab.mels.extract import extract
from vocolab.metrics.cepstra import TO_DB, cepstra
from vocolab.pitch.periodicity import HOP_SAMPLES, RATE_HZ, track_pitch

_FAR = np.inf


class Warped(NamedTuple):
    """Two clips along their best warping."""

    mcd_db: float
    """Mel cepstral distortion."""
    log_f0_rmse: float
    """Root mean square difference of ln F0 where both are voiced; NaN if that is nowhere."""


def warped(recorded: Audio, spoken: Audio) -> Warped:
    """The distances of speech from a recording of the same words.

    Raises:
        AudioError: if one of them is shorter than a frame.
    """
    spec = convention("hifigan-22k")
    first, second = (cepstra(extract(audio.mono_at(spec.sample_rate), spec).values) for audio in (recorded, spoken))
    if not (first.size and second.size):
        raise AudioError("too short to be compared")
    path = warping(first, second)
    distance = np.sqrt(np.square(first[:, path[:, 0]] - second[:, path[:, 1]]).sum(axis=0))
    frame_s = spec.hop_samples / spec.sample_rate
    return Warped(float(TO_DB * distance.mean()), _log_f0_rmse(recorded, spoken, path * frame_s))


def warping(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.int64]:
    """The path (steps, 2) of frames of `first` (n, frames) and of `second` (n, frames) with the least distance."""
    n, m = first.shape[1], second.shape[1]
    squares = np.square(first).sum(axis=0)[:, None] + np.square(second).sum(axis=0) - 2 * first.T @ second
    cost = np.sqrt(np.maximum(squares, 0.0))
    total = np.full((n + 1, m + 1), _FAR)
    total[0, 0] = 0.0
    for diagonal in range(n + m - 1):  # all cells of one are known once those of the two before it are
        rows = np.arange(max(0, diagonal - m + 1), min(n, diagonal + 1))
        columns = diagonal - rows
        before = np.minimum(np.minimum(total[rows, columns], total[rows, columns + 1]), total[rows + 1, columns])
        total[rows + 1, columns + 1] = cost[rows, columns] + before
    return _traced(total)


def _traced(total: NDArray[np.float64]) -> NDArray[np.int64]:
    """From the last cell back to the first."""
    row, column = total.shape[0] - 1, total.shape[1] - 1
    path = []
    while row and column:
        path.append((row - 1, column - 1))
        ways = ((row - 1, column - 1), (row - 1, column), (row, column - 1))
        row, column = min(ways, key=lambda cell: float(total[cell]))
    return np.array(path[::-1], dtype=np.int64)


def _log_f0_rmse(recorded: Audio, spoken: Audio, path_s: NDArray[np.floating]) -> float:
    pitches = [track_pitch(audio) for audio in (recorded, spoken)]
    places = [
        np.minimum((path_s[:, side] * RATE_HZ / HOP_SAMPLES).astype(int), pitch.voiced.size - 1)
        for side, pitch in enumerate(pitches)
    ]  # fmt: skip
    both = pitches[0].voiced[places[0]] & pitches[1].voiced[places[1]]
    if not both.any():
        return float("nan")
    logs = [np.log(pitch.frequency_hz[place][both]) for pitch, place in zip(pitches, places, strict=True)]
    return float(np.sqrt(np.mean(np.square(logs[0] - logs[1]))))
