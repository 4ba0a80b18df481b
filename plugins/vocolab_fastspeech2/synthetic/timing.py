"""Where speech ends and silence begins: the graph counts a pause to the last sound before it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

QUIET_DBFS = -50.0
STEP_S = 0.005
SHORTEST_S = 0.025
"""Of a sound beside a pause, and of a pause."""
AROUND_SOUND_S = 0.01
"""How much of a silence is left to the sounds on both sides."""


def with_silences(
    audio: NDArray[np.float32], sample_rate: int, seconds: NDArray[np.float64], rests: Sequence[int]
) -> NDArray[np.float64]:
    """The durations, the boundaries around each of `rests` moved to the longest silence that is near it.

    Near is: in the rest, in the sound before it and in the half of the sound after it. Where it is not silent nothing
    is moved.
    """
    ends = np.cumsum(seconds)
    quiet = _levels_dbfs(audio, sample_rate) < QUIET_DBFS
    for place in rests:
        if place + 1 == len(seconds):
            earliest, latest = _start(ends, place - 1) + SHORTEST_S, ends[-1]
            start, _ = _longest(quiet, earliest, latest)
            ends[place - 1] = min(start + AROUND_SOUND_S, latest)
            continue
        earliest = _start(ends, place - 1) + SHORTEST_S
        latest = max(ends[place], ends[place + 1] - max(SHORTEST_S, (ends[place + 1] - ends[place]) / 2))
        start, end = _longest(quiet, earliest, latest)
        if end - start >= SHORTEST_S + 2 * AROUND_SOUND_S:
            ends[place - 1], ends[place] = start + AROUND_SOUND_S, end - AROUND_SOUND_S
    return np.diff(ends, prepend=0.0)


def _start(ends: NDArray[np.float64], place: int) -> float:
    return float(ends[place - 1]) if place else 0.0


def _longest(quiet: NDArray[np.bool_], earliest_s: float, latest_s: float) -> tuple[float, float]:
    """The longest run of silence in a stretch, in seconds; empty at its end if there is none."""
    first, last = round(earliest_s / STEP_S), round(latest_s / STEP_S)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], quiet[first:last], [False]]).astype(int)))
    if not edges.size:
        return latest_s, latest_s
    starts, ends = edges[::2], edges[1::2]
    best = int(np.argmax(ends - starts))
    return (first + int(starts[best])) * STEP_S, (first + int(ends[best])) * STEP_S


def _levels_dbfs(audio: NDArray[np.float32], sample_rate: int) -> NDArray[np.float64]:
    step = round(STEP_S * sample_rate)
    power = np.square(audio[: audio.size // step * step].reshape(-1, step).astype(np.float64)).mean(axis=1)
    return 10 * np.log10(power + 1e-12)
