"""The inverse STFT in operators that ONNX has: products with fixed matrices and shifted additions, no complex numbers.

ONNX's own DFT is missing from many runtimes and slow in others, so that the transform is written as products. With
K = n_fft / 2 + 1 bins, all of them counted twice but the first and the last (half of these is given instead),

    x[n] = 2 / n_fft * Re sum_k X_k e^(2 pi i k n / n_fft)          0 <= k < K

which as one product is K * 2 * n_fft multiplications. Two stages need far fewer (Cooley and Tukey, 1965). With A a
divisor of n_fft, M = n_fft / A, k = k1 + A k2 and n = m + M j,

    inner    Y[m, k1] = sum_k2 X[k1 + A k2] e^(2 pi i k2 m / M)
    outer    x[m + M j] = 2 / n_fft * Re sum_k1 Y[m, k1] e^(2 pi i k1 (m + M j) / n_fft)

and both sums are products of matrices.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from vocolab.networks.istft import InverseSTFT

_LEAST_ENVELOPE = 1e-11  # as in InverseSTFT
_STAGES_FROM = 128
"""n_fft from which two stages are faster than one product, by onnxruntime on a CPU."""
_STAGE = 16
"""A: about as fast as any other from 512 to 1024."""


def without_complex_numbers(network: nn.Module) -> nn.Module:
    """`network`, every `InverseSTFT` in it replaced by one that ONNX can express."""
    for name, child in list(network.named_children()):
        if isinstance(child, InverseSTFT):
            setattr(network, name, RealInverseSTFT(child))
        else:
            without_complex_numbers(child)
    return network


def parts_of(magnitude: Tensor, phase: Tensor) -> Tensor:
    """Real and imaginary parts, (..., 2), for graphs that end in spectra."""
    return torch.stack([magnitude * torch.cos(phase), magnitude * torch.sin(phase)], dim=-1)


class RealInverseSTFT(nn.Module):
    """What an `InverseSTFT` gives, to rounding, of magnitudes and phases or of real and imaginary parts."""

    squares: Tensor

    def __init__(self, istft: InverseSTFT) -> None:
        super().__init__()
        self.n_fft, self.hop_samples, self.front_samples = istft.n_fft, istft.hop_samples, istft.front_samples
        self.rows = -(-self.n_fft // self.hop_samples)
        window = istft.window.double().numpy()
        stages = self.n_fft >= _STAGES_FROM and self.n_fft % _STAGE == 0
        self.frames = TwoStages(window, _STAGE) if stages else OneProduct(window)
        squares = np.zeros(self.rows * self.hop_samples)
        squares[: self.n_fft] = window**2
        self.register_buffer("squares", _float(squares.reshape(self.rows, self.hop_samples).T[:, None]))

    def polar(self, magnitude: Tensor, phase: Tensor) -> Tensor:
        """Both (batch, n_fft // 2 + 1, frames), to (batch, frames * hop_samples)."""
        return self.cartesian(magnitude * torch.cos(phase), magnitude * torch.sin(phase))

    def cartesian(self, real: Tensor, imaginary: Tensor) -> Tensor:
        """Real and imaginary parts (batch, n_fft // 2 + 1, frames), to (batch, frames * hop_samples)."""
        batch, _, n_frames = real.shape
        windowed = self.frames(real * self.frames.halves, imaginary * self.frames.halves)
        audio = self._overlapped(windowed).reshape(batch, -1) / self._envelope(real)
        return audio[:, self.front_samples : self.front_samples + n_frames * self.hop_samples]

    def _overlapped(self, windowed: Tensor) -> Tensor:
        """(batch, frames, n_fft) to (batch, frames + rows - 1, hop): a frame is `rows` rows, each added one further."""
        batch, n_frames, _ = windowed.shape
        padded = F.pad(windowed, (0, self.rows * self.hop_samples - self.n_fft))
        pieces = padded.reshape(batch, n_frames, self.rows, self.hop_samples)
        last = self.rows - 1
        return torch.stack([F.pad(pieces[:, :, row], (0, 0, row, last - row)) for row in range(self.rows)]).sum(0)

    def _envelope(self, like: Tensor) -> Tensor:
        """The sum of the squared windows, (1, (frames + rows - 1) * hop)."""
        frames = torch.ones_like(like[:1, :1])
        rows = F.conv1d(frames, self.squares.flip(2), padding=self.rows - 1)  # (1, hop, frames + rows - 1)
        return rows.transpose(1, 2).reshape(1, -1).clamp_min(_LEAST_ENVELOPE)


class OneProduct(nn.Module):
    """Spectra to windowed frames by one product."""

    halves: Tensor
    basis: Tensor

    def __init__(self, window: NDArray[np.float64]) -> None:
        super().__init__()
        n_fft = window.size
        bins, samples = np.arange(n_fft // 2 + 1), np.arange(n_fft)
        wave = _wave(np.outer(bins, samples), n_fft) * (2 / n_fft) * window
        self.register_buffer("basis", _float(np.concatenate([wave.real, -wave.imag])))
        self.register_buffer("halves", _halves(n_fft))

    def forward(self, real: Tensor, imaginary: Tensor) -> Tensor:
        """Two of (batch, bins, frames), the outer bins halved, to (batch, frames, n_fft)."""
        return torch.cat([real, imaginary], dim=1).transpose(1, 2) @ self.basis


class TwoStages(nn.Module):
    """Spectra to windowed frames by the two products of the module's docstring; `stage` is A."""

    halves: Tensor
    inner: Tensor
    outer: Tensor

    def __init__(self, window: NDArray[np.float64], stage: int) -> None:
        super().__init__()
        n_fft = window.size
        self.n_fft, self.stage = n_fft, stage
        self.columns = n_fft // stage  # M
        self.sums = -(-(n_fft // 2 + 1) // stage)  # values of k2, of which the last may lie beyond the bins
        inner = _wave(np.outer(np.arange(self.columns), np.arange(self.sums)), self.columns)
        rows = np.stack([np.hstack([inner.real, -inner.imag]), np.hstack([inner.imag, inner.real])], axis=1)
        self.register_buffer("inner", _float(rows.reshape(2 * self.columns, 2 * self.sums)))
        samples = np.arange(self.columns)[:, None] + self.columns * np.arange(stage)  # n of (m, j)
        turned = _wave(np.arange(stage)[None, :, None] * samples[:, None], n_fft)
        outer = turned * (2 / n_fft) * window[samples][:, None]
        self.register_buffer("outer", _float(np.concatenate([outer.real, -outer.imag], axis=1)))
        self.register_buffer("halves", _halves(n_fft))

    def forward(self, real: Tensor, imaginary: Tensor) -> Tensor:
        """Two of (batch, bins, frames), the outer bins halved, to (batch, frames, n_fft)."""
        batch, n_bins, n_frames = real.shape
        spectrum = F.pad(torch.stack([real, imaginary], dim=1), (0, 0, 0, self.sums * self.stage - n_bins))
        by_frame = spectrum.permute(0, 3, 1, 2)  # (B, 2, K, T) -> (B, T, 2, K)
        summed = self.inner @ by_frame.reshape(batch, n_frames, 2 * self.sums, self.stage)  # (B, T, 2M, A)
        by_column = summed.reshape(batch, n_frames, self.columns, 2 * self.stage).permute(0, 2, 1, 3)  # (B, M, T, 2A)
        return (by_column @ self.outer).permute(0, 2, 3, 1).reshape(batch, n_frames, self.n_fft)  # (B, T, A M)


def _wave(turns: NDArray[np.int64], period: int) -> NDArray[np.complex128]:
    return np.asarray(np.exp(2j * np.pi * (turns % period) / period))


def _halves(n_fft: int) -> Tensor:
    halves = np.ones((n_fft // 2 + 1, 1))
    halves[[0, -1]] = 0.5
    return _float(halves)


def _float(values: NDArray[np.float64]) -> Tensor:
    return torch.from_numpy(values.astype(np.float32))
