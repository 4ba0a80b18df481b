"""Where in a recording a token is to be expected before anything was heard: near the diagonal.

The beta-binomial distribution of Shih et al., "RAD-TTS" (2021): in frame i of T, token j of N has

    P(j; n, a, b)    n = N - 1, a = w i, b = w (T + 1 - i), i = 1 ... T, j = 0 ... N - 1

With n = N - 1 each frame's row sums to 1 over the N tokens. Some public code takes n = N, and its last frame then
doubts the last token.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln


@lru_cache(maxsize=4096)
def log_prior(frames: int, tokens: int, sharpness: float = 1.0) -> NDArray[np.float32]:
    """The logarithm of the prior, (frames, tokens); read-only. The higher `sharpness`, the nearer to the diagonal."""
    n = tokens - 1
    a = sharpness * np.arange(1, frames + 1)[:, None]
    b = sharpness * (frames + 1) - a
    k = np.arange(tokens)[None, :]
    choices = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
    log_p = choices + _log_beta(k + a, n - k + b) - _log_beta(a, b)
    values = log_p.astype(np.float32)
    values.setflags(write=False)
    return values


def _log_beta(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    result: NDArray[np.float64] = gammaln(a) + gammaln(b) - gammaln(a + b)
    return result
