"""Random phases that belong to a seed and an absolute frame."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# A generator costs 10 microseconds to set up, as much as some frames of random numbers.
_BLOCK_FRAMES = 64


def random_phases(seed: int, first_frame: int, frames: int, bins: int) -> NDArray[np.complex64]:
    """Unit vectors of shape (frames, bins), the same for a frame wherever `first_frame` cuts.

    Philox (Salmon et al., 2011) is a function of key and counter: the seed is the key, the block of frames the counter.
    """
    result = np.empty((frames, bins), dtype=np.complex64)
    start = -(first_frame % _BLOCK_FRAMES)
    for block in range(start, frames, _BLOCK_FRAMES):
        counter = (first_frame + block) // _BLOCK_FRAMES
        # The lowest word of the counter counts within the block.
        philox = np.random.Philox(key=seed % 2**128, counter=[0, counter, 0, 0])
        turns = np.random.Generator(philox).random((_BLOCK_FRAMES, bins), dtype=np.float32)
        low, high = max(block, 0), min(block + _BLOCK_FRAMES, frames)
        angles = np.float32(2 * np.pi) * turns[low - block : high - block]
        result.real[low:high], result.imag[low:high] = np.cos(angles), np.sin(angles)
    return result
