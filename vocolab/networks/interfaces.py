"""What runs a network, whoever does it."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class Execution(Protocol):
    """A network that is called with arrays and gives arrays: batches in, the network's outputs in their order out."""

    def __call__(self, *inputs: NDArray[np.float32]) -> tuple[NDArray[np.float32], ...]:
        """What the network makes of `inputs`, which are left alone."""
        ...

    def to(self, device: str) -> None:
        """Run on that device from now on; inputs and outputs stay NumPy arrays."""
        ...
