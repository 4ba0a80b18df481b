"""The network: a spectrum and a duration for each letter."""

from __future__ import annotations

import torch
from torch import nn

from vocolab_mumble.letters import LETTERS


class Network(nn.Module):
    """Numbers of letters to log durations, and the letter of each frame to a mel."""

    def __init__(self, n_mels):
        super().__init__()
        self.spectrum = nn.Embedding(len(LETTERS), n_mels)
        self.log_frames = nn.Embedding(len(LETTERS), 1)
        nn.init.normal_(self.spectrum.weight, mean=-6.0, std=0.1)
        nn.init.constant_(self.log_frames.weight, 1.5)

    def durations(self, letters):
        """(batch, letters) to log frames of the same shape."""
        return self.log_frames(letters)[..., 0]

    def forward(self, letter_of_frame):
        """(batch, frames) to mels (batch, n_mels, frames)."""
        return torch.transpose(self.spectrum(letter_of_frame), 1, 2)
