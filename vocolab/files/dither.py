"""Dither and quantisation: float audio to whole numbers.

libsndfile, given floats, takes the floor: that shifts everything by half a step. So samples become whole numbers here.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vocolab.files.formats import Dither
from vocolab.files.shaping import NoiseShaper

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


class Quantiser:
    """Turns a stream of float audio into whole numbers of `bits`, however it is cut into blocks.

    With "tpdf", dither of one step to either side makes the error's power independent of the signal (Lipshitz,
    Wannamaker and Vanderkooy 1992, "Quantization and dither"); with "shaped" its spectrum is bent as well
    (`vocolab.files.shaping`); with "none" samples are only rounded. Rounding takes halves to even; then samples are
    limited once: full scale is never wrapped around. Exact zeros stay zero, so that digital silence stays silence.

    Args:
        bits: 16 or 24.
        dither: none, tpdf or shaped.
        seed: Of the dither, 0 or more.
        sample_rate: In Hz; only "shaped" looks at it.
        channels: How many there are.
    """

    def __init__(self, bits: int, dither: Dither, seed: int, sample_rate: int, channels: int) -> None:
        self._full_scale = 2.0 ** (bits - 1)
        self._dither, self._seed = dither, seed
        self._position = 0
        self._shapers = [NoiseShaper(sample_rate) for _ in range(channels)] if dither == "shaped" else []

    def process(self, block: NDArray[np.float32]) -> tuple[NDArray[np.int32], int]:
        """The next (channels, n) samples, and how many of them were beyond full scale."""
        steps = block.astype(np.float64) * self._full_scale
        for channel in range(len(block) if self._dither != "none" else 0):
            noise = triangular_noise(self._seed, channel, self._position, block.shape[1])
            if self._shapers:
                steps[channel] = self._shapers[channel].process(steps[channel], noise)
            else:
                steps[channel] += noise
        self._position += block.shape[1]
        steps[block == 0] = 0
        np.clip(np.rint(steps, out=steps), -self._full_scale, self._full_scale - 1, out=steps)
        return steps.astype(np.int32), int(np.count_nonzero(np.abs(block) > 1))
