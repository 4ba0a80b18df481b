"""A network run by torch. Other engines run its graph: see `vocolab.engines`."""

from __future__ import annotations

from contextlib import ExitStack

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from vocolab.networks.interfaces import Execution
from vocolab.networks.packed_products import unpack, with_packed_products

__all__ = ["Execution", "TorchExecution", "runs_as_it_is"]


class TorchExecution:
    """By torch, without gradients.

    Args:
        network: What is run; it is set to evaluation mode.
        narrow: What products are computed in: `torch.bfloat16` or `torch.float16`. None: float32, as everything else.
    """

    def __init__(self, network: nn.Module, *, narrow: torch.dtype | None = None) -> None:
        self.network, self.device = network.eval().requires_grad_(False), "cpu"
        self.narrow = narrow
        if narrow is None:
            with_packed_products(self.network)
        else:
            unpack(self.network)

    def to(self, device: str) -> None:
        """Run on that device from now on; inputs and outputs stay NumPy arrays."""
        self.network.to(device)
        self.device = device

    def __call__(self, *inputs: NDArray[np.float32]) -> tuple[NDArray[np.float32], ...]:
        """What the network makes of `inputs`."""
        with ExitStack() as stack:
            stack.enter_context(torch.inference_mode())
            if self.narrow is not None:
                stack.enter_context(torch.autocast(self.device.partition(":")[0], dtype=self.narrow))
            tensors = [torch.from_numpy(np.ascontiguousarray(array)).to(self.device) for array in inputs]
            outputs = self.network(*tensors)
        together = outputs if isinstance(outputs, tuple) else (outputs,)
        return tuple(output.float().cpu().numpy() for output in together)


def runs_as_it_is(execution: Execution) -> bool:
    """Whether a network is run by torch in float32, so that its layers may be run one by one as well."""
    return isinstance(execution, TorchExecution) and execution.narrow is None
