"""The inverse STFT at the end of a network: spectra to audio of an exact length. Imports torch."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F


class InverseSTFT(nn.Module):
    """Complex spectra to audio of exactly `frames * hop_samples` samples, by windowed overlap-add.

    A frame of n_fft samples is added every hop; the sum is divided by the sum of the squared windows, so that an
    unmodified STFT comes back as it was. The padding says where frame 0 is centred, and so what is cut off in front:

        hifigan    on sample hop / 2    cut (n_fft - hop) / 2
        center     on sample 0          cut n_fft / 2; "center-trimmed" the same

    With "center" the published length is (frames - 1) * hop; here the last window's tail is kept too.
    """

    window: Tensor

    def __init__(self, n_fft: int, hop_samples: int, padding: str, window: NDArray[np.float32] | None = None) -> None:
        super().__init__()
        self.n_fft, self.hop_samples = n_fft, hop_samples
        self.front_samples = (n_fft - hop_samples) // 2 if padding == "hifigan" else n_fft // 2
        # On the CPU also where shapes are checked on `meta`: there, torch would load its compiler for a Hann window.
        values = torch.hann_window(n_fft, device="cpu") if window is None else torch.from_numpy(np.array(window))
        self.register_buffer("window", values, persistent=False)

    @property
    def context_frames(self) -> int:
        """Frames on either side whose windows reach into a frame's own hop of output."""
        return -(-self.n_fft // self.hop_samples)

    def polar(self, magnitude: Tensor, phase: Tensor) -> Tensor:
        """The same for a spectrum in magnitudes and phases, both (batch, n_fft // 2 + 1, frames)."""
        return self(torch.polar(magnitude, phase))  # type: ignore[no-any-return]

    def forward(self, spectrum: Tensor) -> Tensor:
        """(batch, n_fft // 2 + 1, frames) complex to (batch, frames * hop_samples)."""
        _, _, frames = spectrum.shape
        windowed = torch.fft.irfft(spectrum.transpose(1, 2), n=self.n_fft) * self.window  # (B, F, T) -> (B, T, n_fft)
        audio = overlap_add(windowed, self.hop_samples)
        squares = (self.window**2).expand(1, frames, self.n_fft)
        envelope = overlap_add(squares, self.hop_samples)
        wanted = slice(self.front_samples, self.front_samples + frames * self.hop_samples)
        return audio[:, wanted] / envelope[:, wanted].clamp_min(1e-11)


def overlap_add(windows: Tensor, hop_samples: int) -> Tensor:
    """(batch, frames, n_fft) to (batch, (frames - 1) * hop + n_fft), each frame added a hop after the one before.

    Where the hop divides n_fft, a window is n_fft / hop whole hops and the sum is that many shifted additions of
    contiguous rows, several times faster than a general fold.
    """
    batch, frames, n_fft = windows.shape
    length = (frames - 1) * hop_samples + n_fft
    if n_fft % hop_samples:
        folded = F.fold(windows.transpose(1, 2), (1, length), (1, n_fft), stride=(1, hop_samples))
        return folded.reshape(batch, length)
    pieces = n_fft // hop_samples
    rows = windows.reshape(batch, frames, pieces, hop_samples)
    total = windows.new_zeros(batch, frames + pieces - 1, hop_samples)
    for piece in range(pieces):
        total[:, piece : piece + frames] += rows[:, :, piece]
    return total.reshape(batch, length)
