"""A vocoder around a network. Imports torch."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from vocolab.mels.spec import MelSpec


class NetworkVocoder:
    """A `Vocoder` around a network that maps (batch, n_mels, frames) to (batch, frames * hop_samples)."""

    def __init__(self, network: nn.Module, mel_spec: MelSpec, context_frames: int) -> None:
        self.network = network.eval().requires_grad_(False)
        self.mel_spec = mel_spec
        self.context_frames = context_frames
        self.device = "cpu"

    def to(self, device: str) -> None:
        """Run on that device from now on; mels and audio stay NumPy arrays."""
        self.network.to(device)
        self.device = device

    def render(self, mel: NDArray[np.float32], *, first_frame: int = 0, seed: int = 0) -> NDArray[np.float32]:
        """Audio of (frames * hop_samples,) for a mel of (n_mels, frames); nothing is random."""
        with torch.inference_mode():
            audio: Tensor = self.network(torch.from_numpy(np.ascontiguousarray(mel))[None].to(self.device))
        return audio[0].cpu().numpy()
