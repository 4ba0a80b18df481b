"""A vocoder around a network. Imports torch."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from torch import nn

from vocolab.mels.spec import MelSpec
from vocolab.networks.execution import Execution, TorchExecution


class RunsNetwork:
    """What vocoders around a network have in common, whatever the network takes.

    Attributes:
        network: The network, by torch.
        execution: What runs it.
    """

    def __init__(self, network: nn.Module, mel_spec: MelSpec, context_frames: int) -> None:
        self.network, self.mel_spec, self.context_frames = network, mel_spec, context_frames
        self.execution: Execution = TorchExecution(network)

    def to(self, device: str) -> None:
        """Run on that device from now on; mels and audio stay NumPy arrays."""
        self.execution.to(device)

    def run(self, *inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """The network's audio (frames * hop_samples,) of inputs without a batch."""
        (audio,) = self.execution(*(values[None] for values in inputs))
        samples: NDArray[np.float32] = audio[0]
        return samples


class NetworkVocoder(RunsNetwork):
    """A `Vocoder` around a network that maps (batch, n_mels, frames) to (batch, frames * hop_samples)."""

    def render(self, mel: NDArray[np.float32], *, first_frame: int = 0, seed: int = 0) -> NDArray[np.float32]:
        """Audio of (frames * hop_samples,) for a mel of (n_mels, frames); nothing is random."""
        return self.run(mel)
