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
        return self(from_polar(magnitude, phase))  # type: ignore[no-any-return]

    def forward(self, spectrum: Tensor) -> Tensor:
        """(batch, n_fft // 2 + 1, frames) complex to (batch, frames * hop_samples)."""
        frames = spectrum.shape[-1]
        windowed = torch.fft.irfft(spectrum.transpose(1, 2), n=self.n_fft)  # (B, F, T) -> (B, T, n_fft)
        audio = overlap_add(windowed.mul_(self.window), self.hop_samples)
        wanted = slice(self.front_samples, self.front_samples + frames * self.hop_samples)
        return audio[:, wanted] / self._envelope(frames)[wanted]

    def _envelope(self, frames: int) -> Tensor:
        """The sum of the squared windows, at least 1e-11: ((frames - 1) * hop + n_fft,).

        It is the same under all frames that have as many before and behind them as a window reaches over.
        """
        reach = self.context_frames
        few = min(frames, 2 * reach)
        sums = overlap_add((self.window**2).expand(1, few, self.n_fft), self.hop_samples)[0].clamp_min(1e-11)
        middle = sums[reach * self.hop_samples : (reach + 1) * self.hop_samples]
        front, behind = sums.tensor_split([(reach + 1) * self.hop_samples]) if few < frames else (sums, sums[:0])
        return torch.cat([front, middle.repeat(frames - few), behind])


def from_polar(magnitude: Tensor, phase: Tensor) -> Tensor:
    """Complex numbers, as `torch.polar` gives them, which takes sines and cosines of one after the other."""
    magnitude, phase = (part.to(torch.promote_types(part.dtype, torch.float32)) for part in (magnitude, phase))
    return torch.complex(torch.cos(phase) * magnitude, torch.sin(phase) * magnitude)


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
