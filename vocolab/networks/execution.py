"""The one place where a network is executed. What stands here runs it by torch; another engine can take its place."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn


class Execution(Protocol):
    """A network that is called with arrays and gives arrays: batches in, the network's outputs in their order out."""

    def __call__(self, *inputs: NDArray[np.float32]) -> tuple[NDArray[np.float32], ...]:
        """What the network makes of `inputs`, which are left alone."""
        ...

    def to(self, device: str) -> None:
        """Run on that device from now on; inputs and outputs stay NumPy arrays."""
        ...


class TorchExecution:
    """By torch, without gradients."""

    def __init__(self, network: nn.Module) -> None:
        self.network, self.device = network.eval().requires_grad_(False), "cpu"

    def to(self, device: str) -> None:
        """Run on that device from now on; inputs and outputs stay NumPy arrays."""
        self.network.to(device)
        self.device = device

    def __call__(self, *inputs: NDArray[np.float32]) -> tuple[NDArray[np.float32], ...]:
        """What the network makes of `inputs`."""
        with torch.inference_mode():
            tensors = [torch.from_numpy(np.ascontiguousarray(array)).to(self.device) for array in inputs]
            outputs = self.network(*tensors)
        together = outputs if isinstance(outputs, tuple) else (outputs,)
        return tuple(output.cpu().numpy() for output in together)
