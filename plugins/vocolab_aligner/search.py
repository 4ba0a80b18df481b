"""Monotonic alignment search: the likeliest way to place the tokens of a text in the frames of a recording.

Kim et al., "Glow-TTS" (2020), by dynamic programming; tokens that may have no frame are new here.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_NEVER = -1e9


def durations(log_p: NDArray[np.float32], optional: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How many frames each token has, in the path of the highest sum of log-probabilities.

    Args:
        log_p: Log-probability of each token in each frame, (frames, tokens).
        optional: Which tokens may have no frame, (tokens,); every other has one at least. No two in a row.

    Raises:
        ValueError: if there are fewer frames than tokens that need one.
    """
    frames, tokens = log_p.shape
    needed = int((~optional).sum())
    if frames < needed:
        raise ValueError(f"{frames} frames are too few for {needed} tokens")
    steps = _steps(log_p.astype(np.float64), optional)
    best = steps[1]
    token = tokens - 1
    if optional[-1] and tokens > 1 and best[-2] > best[-1]:
        token -= 1
    counts = np.zeros(tokens, dtype=np.int64)
    for frame in range(frames - 1, -1, -1):
        counts[token] += 1
        token -= int(steps[0][frame, token])
    return counts


def _steps(
    log_p: NDArray[np.float64], optional: NDArray[np.bool_]
) -> tuple[NDArray[np.int8], NDArray[np.float64]]:
    """For each frame and token by how many tokens its best path has come on, and the scores in the last frame."""
    frames, tokens = log_p.shape
    skip = np.where(np.concatenate([[False], optional[:-1]]), 0.0, _NEVER)
    start = np.full(tokens, _NEVER)
    start[: 2 if optional[0] else 1] = 0
    score = start + log_p[0]
    came = np.zeros((frames, tokens), dtype=np.int8)
    ways = np.full((3, tokens), _NEVER)
    for frame in range(1, frames):
        ways[0] = score
        ways[1, 1:] = score[:-1]
        ways[2, 2:] = score[:-2]
        ways[2] += skip
        came[frame] = ways.argmax(axis=0)
        score = ways.max(axis=0) + log_p[frame]
        ways[2, :2] = _NEVER
    return came, score
