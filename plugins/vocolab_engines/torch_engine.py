"""PyTorch as an engine. Imports torch."""

from __future__ import annotations

import torch
from torch import nn

from vocolab.engines.interfaces import Settings
from vocolab.networks.execution import TorchExecution
from vocolab.options import Options


class TorchEngine:
    """A `NetworkEngine`. "fast" computes products in bfloat16, and everything else in float32."""

    def __init__(self, options: Options) -> None:
        self.version = torch.__version__
        self.has_fast = True

    def execute(self, network: nn.Module, settings: Settings) -> TorchExecution:
        """The network on the CPU."""
        self.settle(settings)
        return TorchExecution(network, narrow=torch.bfloat16 if settings.precision == "fast" else None)

    def settle(self, settings: Settings) -> None:
        """Use as many threads, in the whole process: torch has no other way."""
        torch.set_num_threads(settings.threads)
