"""Noise that stands still: every sample of it is decided by the seed and its absolute place, however it is cut."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_BLOCK_SAMPLES = 4096


def gaussian(seed: int, first_sample: int, n_samples: int, *, stream: int = 0) -> NDArray[np.float32]:
    """White noise of unit variance for the samples from `first_sample` on, shape (n_samples,).

    The line of samples is divided into blocks, each with a generator of its own, so that any piece costs no more than
    its own length and equals the same piece of a longer draw.

    Args:
        seed: Of the rendering.
        first_sample: Absolute place of the first sample, 0 or more.
        n_samples: How many.
        stream: Which of several independent noises: the step of a diffusion, the channel of a flow.
    """
    last = first_sample + n_samples
    noise = np.empty(n_samples, dtype=np.float32)
    for block in range(first_sample // _BLOCK_SAMPLES, -(-last // _BLOCK_SAMPLES)):
        start = block * _BLOCK_SAMPLES
        generator = np.random.Generator(np.random.Philox(np.random.SeedSequence([seed, stream, block])))
        values = generator.standard_normal(_BLOCK_SAMPLES, dtype=np.float32)
        first, end = max(start, first_sample), min(start + _BLOCK_SAMPLES, last)
        noise[first - first_sample : end - first_sample] = values[first - start : end - start]
    return noise
