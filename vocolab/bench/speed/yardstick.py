"""Work that is always the same: what a voice without a reference is held against, so that machines and days compare."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

_SIDE, _STREAMED = 512, 1 << 20


def yardstick() -> Callable[[], Any]:
    """A matrix product in float32, and a pass over memory; a few milliseconds."""
    random = np.random.default_rng(0)
    matrix = random.standard_normal((_SIDE, _SIDE), dtype=np.float32)
    stream = random.standard_normal(_STREAMED, dtype=np.float32)
    return lambda: (matrix @ matrix, np.tanh(stream))
