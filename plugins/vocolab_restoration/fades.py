"""How much of a repair applies to each sample: all of it where an event is, and faded in and out beside it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray


def faded(n_samples: int, spans: Iterable[tuple[int, int]], fade: int) -> NDArray[np.float64]:
    """(n_samples,): 1 from `start` to `stop` of each span, and on either side `fade` samples of a raised cosine."""
    amount = np.zeros(n_samples)
    for start, stop in spans:
        times = np.arange(max(0, start - fade), min(n_samples, stop + fade))
        outside = np.maximum(np.maximum(start - times, times - stop + 1), 0) / (fade + 1)
        amount[times] = np.maximum(amount[times], 0.5 + 0.5 * np.cos(np.pi * outside))
    return amount
