"""Dither and quantisation: float audio to whole numbers.

libsndfile, given floats, takes the floor: that shifts everything by half a step. So samples become whole numbers here.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_WORDS_A_STEP = 4
"""64-bit words that Philox makes for each value of its counter."""

_UNIFORM = 2.0**-32


def triangular_noise(seed: int, channel: int, first_sample: int, n_samples: int) -> NDArray[np.float64]:
    """Noise in (-1, 1) with a triangular density, for `n_samples` from `first_sample` on, shape (n_samples,).

    The difference of two uniform numbers. Each depends on seed, channel and absolute sample alone (a counter-based
    generator: Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"), so blocks can be cut anywhere.
    """
    step, skip = divmod(first_sample, _WORDS_A_STEP)
    words = np.random.Philox(key=seed, counter=[step, channel, 0, 0]).random_raw(skip + n_samples)[skip:]
    low = (words & np.uint64(0xFFFF_FFFF)).astype(np.float64)
    high = (words >> np.uint64(32)).astype(np.float64)
    return (high - low) * _UNIFORM


def quantise(
    block: NDArray[np.float32], bits: int, *, seed: int = 0, first_sample: int = 0
) -> tuple[NDArray[np.int32], int]:
    """Samples as whole numbers of `bits`, and how many were over full scale.

    TPDF dither of one step to either side makes the error's power independent of the signal (Lipshitz, Wannamaker and
    Vanderkooy 1992, "Quantization and dither"). Then samples are rounded, halves to even, and limited once: full scale
    is never wrapped around. Exact zeros stay zero, so that digital silence stays digital silence.

    Args:
        block: (channels, samples), full scale at 1.0.
        bits: 16 or 24.
        seed: Of the dither, 0 or more.
        first_sample: Where the block stands in its file.

    Returns:
        (channels, samples) in -2**(bits - 1) to 2**(bits - 1) - 1, and the count of samples beyond full scale.
    """
    channels, n_samples = block.shape
    full_scale = 2.0 ** (bits - 1)
    steps = block.astype(np.float64) * full_scale
    for channel in range(channels):
        steps[channel] += triangular_noise(seed, channel, first_sample, n_samples)
    steps[block == 0] = 0
    np.clip(np.rint(steps, out=steps), -full_scale, full_scale - 1, out=steps)
    return steps.astype(np.int32), int(np.count_nonzero(np.abs(block) > 1))
