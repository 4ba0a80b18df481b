"""Torch building blocks that several vocoder plugins share. Imported by networks only, never at start-up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from vocolab.errors import CheckpointError
from vocolab.mels.spec import MelSpec

N = TypeVar("N", bound=nn.Module)

_MOST_LISTED = 10


class InverseSTFT(nn.Module):
    """Complex spectra to audio of exactly `frames * hop_samples` samples, by windowed overlap-add.

    A frame of n_fft samples is added every hop; the sum is divided by the sum of the squared windows, so that an
    unmodified STFT comes back as it was. The padding says where frame 0 is centred, and so what is cut off in front:

        hifigan    on sample hop / 2    cut (n_fft - hop) / 2
        center     on sample 0          cut n_fft / 2

    With "center" the published length is (frames - 1) * hop; here the last window's tail is kept too.
    """

    window: Tensor

    def __init__(self, n_fft: int, hop_samples: int, padding: str, window: NDArray[np.float32] | None = None) -> None:
        super().__init__()
        self.n_fft, self.hop_samples = n_fft, hop_samples
        self.front_samples = n_fft // 2 if padding == "center" else (n_fft - hop_samples) // 2
        periodic_hann = torch.hann_window(n_fft) if window is None else torch.from_numpy(np.array(window))
        self.register_buffer("window", periodic_hann, persistent=False)

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


def between_frames(values: Tensor, steps: int, centre_steps: float) -> Tensor:
    """Values of frames (..., frames) at each of a frame's `steps` steps, (..., frames * steps).

    Linear from frame to frame, level before the first one's centre and after the last one's.

    Args:
        values: One for each frame, of floats.
        steps: How many a frame has: its samples, or groups of them.
        centre_steps: Where a frame's value stands, in steps from the first of its own: -1 to `steps`, fractions lie
            between two of them. (steps - 1) / 2 is the middle of all.
    """
    padded = torch.cat([values[..., :1], values, values[..., -1:]], dim=-1)[..., None]
    below, here, above = padded[..., :-2, :], padded[..., 1:-1, :], padded[..., 2:, :]
    place = (torch.arange(steps, device=values.device, dtype=values.dtype) - centre_steps) / steps  # in frames
    return torch.where(place < 0, here + (here - below) * place, here + (above - here) * place).flatten(-2)


def filled(make: Callable[[], N], tensors: Mapping[str, NDArray[np.float32]], what: str) -> N:
    """The network that `make` builds, with `tensors` in it, every one of them and no other.

    Raises:
        CheckpointError: as `check_fit`.
    """
    check_fit(make, tensors, what)
    network = make()
    state = network.state_dict()
    with torch.no_grad():
        for name, tensor in tensors.items():  # one by one: a copy of all of them would be as large as the network
            state[name].copy_(torch.from_numpy(np.array(tensor)))
    return network


def check_fit(make: Callable[[], nn.Module], tensors: Mapping[str, NDArray[np.float32]], what: str) -> None:
    """Compare the network that `make` builds with `tensors`, without taking memory for it.

    A few bytes of config can ask for a network larger than the machine.

    Raises:
        CheckpointError: listing the names that are missing, unknown or of another shape.
    """
    with torch.device("meta"):  # shapes without numbers
        expected = {name: tuple(tensor.shape) for name, tensor in make().state_dict().items()}
    given = {name: tuple(tensor.shape) for name, tensor in tensors.items()}
    problems = [f"lacks {name}" for name in expected if name not in given]
    problems += [f"has {name}, which the config does not ask for" for name in given if name not in expected]
    problems += [
        f"{name} is {given[name]}, the config asks for {shape}"
        for name, shape in expected.items()
        if given.get(name, shape) != shape
    ]
    if problems:
        more = f" (and {len(problems) - _MOST_LISTED} more)" if len(problems) > _MOST_LISTED else ""
        raise CheckpointError(f"{what} does not fit its config: {'; '.join(problems[:_MOST_LISTED])}{more}")


def network_tensors(network: nn.Module) -> dict[str, NDArray[np.float32]]:
    """The state dict of `network` as numpy arrays: what a voice stores."""
    return {name: tensor.detach().cpu().numpy() for name, tensor in network.state_dict().items()}


class NetworkVocoder:
    """A `Vocoder` around a network that maps (batch, n_mels, frames) to (batch, frames * hop_samples)."""

    def __init__(self, network: nn.Module, mel_spec: MelSpec, context_frames: int) -> None:
        self.network = network.eval().requires_grad_(False)
        self.mel_spec = mel_spec
        self.context_frames = context_frames

    def render(self, mel: NDArray[np.float32], *, first_frame: int = 0, seed: int = 0) -> NDArray[np.float32]:
        """Audio of (frames * hop_samples,) for a mel of (n_mels, frames); nothing is random."""
        with torch.inference_mode():
            audio: Tensor = self.network(torch.from_numpy(np.ascontiguousarray(mel))[None])
        return audio[0].numpy()
