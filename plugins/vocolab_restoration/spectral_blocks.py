"""Short-time spectra of a stream, changed and put together again, however the stream is cut.

    samples -> frames of `size` every `hop` samples, root Hann -> spectra -> work -> overlap and add -> samples, late
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from vocolab.block_buffers import Waiting
from vocolab.effects import Block

Frames = NDArray[np.float32]
Spectra = NDArray[np.complex64]
OVERLAP = 4
"""Frames that each sample is in."""
_FRAMES_AT_ONCE = 256
"""Of which spectra are held together."""


def hop_samples(sample_rate: int, window_ms: float) -> int:
    """The hop of windows of about this length."""
    return max(1, round(window_ms * sample_rate / 1000 / OVERLAP))


def root_hann(size: int) -> NDArray[np.float32]:
    """(size,): twice it gives a Hann window."""
    return np.sqrt(0.5 - 0.5 * np.cos(2 * np.pi * (np.arange(size) + 0.5) / size)).astype(np.float32)


class FrameBlocks:
    """A processor: `work` is given windowed frames (frames, channels, size) and gives as many, `lag` of them late.

    The first `lag` frames that it gives are of no use, whatever is in them.
    """

    def __init__(self, work: Callable[[Frames], Frames], hop: int, channels: int, lag: int = 0) -> None:
        self._work, self._hop = work, hop
        size = OVERLAP * hop
        self.latency_samples = size - 1 + lag * hop
        self.window = root_hann(size)
        """(size,) by which frames are weighted, twice."""
        self._waiting = Waiting(channels, size, hop)
        self._waiting.samples = np.zeros((channels, size - hop), np.float32)
        self._open = np.zeros((channels, size), np.float32)
        self._ready = np.zeros((channels, (lag + 1) * hop - 1), np.float32)
        self._skipped = lag

    def process(self, block: Block) -> Block:
        """The next block, late."""
        windows = self._waiting.windows(block)
        if windows:
            self._add(self._work(np.stack(windows) * self.window) * (self.window * np.float32(2 / OVERLAP)))
        ready, n_samples = self._ready, block.shape[1]
        self._ready = ready[:, n_samples:].copy()
        return ready[:, :n_samples]

    def _add(self, frames: NDArray[np.float32]) -> None:
        """Frames (frames, channels, size) overlap and add."""
        hop = self._hop
        skipped = min(self._skipped, len(frames))
        self._skipped -= skipped
        frames = frames[skipped:]
        total = np.zeros((self._open.shape[0], self._open.shape[1] + len(frames) * hop), np.float32)
        total[:, : self._open.shape[1]] = self._open
        for part in range(OVERLAP):
            pieces = frames[:, :, part * hop : (part + 1) * hop]  # (frames, channels, hop)
            stretch = pieces.transpose(1, 0, 2).reshape(total.shape[0], -1)
            total[:, part * hop : part * hop + stretch.shape[1]] += stretch
        n_done = len(frames) * hop
        self._open = total[:, n_done:].copy()
        self._ready = np.concatenate([self._ready, total[:, :n_done]], axis=1)


class PowerFrames:
    """Powers of the spectra of a stream that is only looked at, its frames windowed as those of `SpectralBlocks`.

    Args:
        sample_rate: In Hz.
        channels: How many there are.
        window_ms: How long a frame is, about.
    """

    def __init__(self, sample_rate: int, channels: int, window_ms: float) -> None:
        self.hop = hop_samples(sample_rate, window_ms)
        size = OVERLAP * self.hop
        self.hop_s = self.hop / sample_rate
        self._window = root_hann(size)
        self._waiting = Waiting(channels, size, self.hop)
        self._waiting.samples = np.zeros((channels, size - self.hop), np.float32)

    def of(self, block: Block) -> NDArray[np.float64]:
        """(frames, bins): those of the frames that the next block fills, the mean over the channels."""
        windows = self._waiting.windows(block)
        if not windows:
            return np.zeros((0, len(self._window) // 2 + 1))
        parts = (np.stack(windows[at : at + _FRAMES_AT_ONCE]) for at in range(0, len(windows), _FRAMES_AT_ONCE))
        return np.concatenate([powers_of(np.fft.rfft(part * self._window, axis=-1)) for part in parts])


def powers_of(spectra: NDArray[np.complexfloating]) -> NDArray[np.float64]:
    """(frames, bins): the mean over the channels of (frames, channels, bins)."""
    return np.asarray((np.square(spectra.real) + np.square(spectra.imag)).mean(axis=1, dtype=np.float64))


class SpectralBlocks(FrameBlocks):
    """The same for spectra (frames, channels, bins)."""

    def __init__(self, work: Callable[[Spectra], Spectra], hop: int, channels: int, lag: int = 0) -> None:
        def changed(frames: Frames) -> Frames:
            spectra = work(np.fft.rfft(frames, axis=-1).astype(np.complex64))
            return np.fft.irfft(spectra, frames.shape[-1], axis=-1).astype(np.float32)

        super().__init__(changed, hop, channels, lag)
