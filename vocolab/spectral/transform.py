"""Spectra of frames and back, the same to the last bit wherever a signal is cut."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from vocolab.spectral import fourier
from vocolab.spectral.frames import Frames

# Frames that go through a step together: their spectra stay in the processor's cache. Blocks lie on a fixed grid of
# absolute frames and are always full, because an FFT may round a frame by where it stands in a batch, and an
# iteration makes much of a small difference.
BLOCK_FRAMES = 32

Complex: TypeAlias = NDArray[np.complex64]
Floats: TypeAlias = NDArray[np.float32]
Block: TypeAlias = tuple[int, int, slice]
"""Frames `low` to `high`, and the rows of a full block that they are."""


class Transform:
    """The short-time Fourier transform of `frames`, of which the first stands at `first_frame` of the whole.

    `low_bin` and `high_bin` limit it to the bins in between; the others are taken for 0.
    """

    def __init__(self, frames: Frames, first_frame: int, low_bin: int = 0, high_bin: int | None = None) -> None:
        self._frames = frames
        bins = frames.n_fft // 2 + 1
        self.bins = slice(low_bin, bins if high_bin is None else high_bin)
        self._starts = range(-(first_frame % BLOCK_FRAMES), frames.count, BLOCK_FRAMES)
        self._spectra = np.zeros((BLOCK_FRAMES, bins), dtype=np.complex64)
        self._windowed = np.zeros((BLOCK_FRAMES, frames.window.size), dtype=np.float32)

    def blocks(self) -> Iterator[Block]:
        """All frames in order."""
        for start in self._starts:
            low, high = max(start, 0), min(start + BLOCK_FRAMES, self._frames.count)
            yield low, high, slice(low - start, high - start)

    def signal_of(self, spectra_of: Callable[[Block], Complex]) -> Floats:
        """The wanted part of the signal that the spectra of all blocks add up to."""
        signal = np.zeros(self._frames.samples, dtype=np.float32)
        for block in self.blocks():
            self.synthesise(spectra_of(block), block, signal)
        signal *= self._frames.norm()
        return self._frames.trim(signal)

    def analyse(self, signal: Floats, block: Block) -> Complex:
        """Spectra (high - low, bins) of a block of a signal (frames.samples,)."""
        low, high, rows = block
        frames = self._frames
        step = signal.itemsize
        views: Floats = np.ndarray(  # of frames that overlap: `as_strided` would take as long as a tenth of the spectra
            (high - low, frames.window.size), np.float32, signal, low * frames.hop * step, (frames.hop * step, step)
        )
        if high - low < BLOCK_FRAMES:
            self._windowed.fill(0.0)
        np.multiply(views, frames.window, out=self._windowed[rows])
        # A frame that begins at its window has the magnitudes of one whose window stands in its middle.
        spectra: Complex = fourier.rfft(self._windowed[:, : frames.width], frames.n_fft)
        return spectra[rows, self.bins]

    def synthesise(self, spectra: Complex, block: Block, signal: Floats) -> None:
        """Add the frames of a block's spectra to a signal, which `frames.norm()` has to be applied to in the end."""
        low, _, rows = block
        frames = self._frames
        if spectra.shape != self._spectra.shape:
            self._spectra.fill(0.0)
            self._spectra[rows, self.bins] = spectra
            spectra = self._spectra
        inside = fourier.irfft(spectra, frames.n_fft)[:, : frames.width]
        np.multiply(inside, frames.window[: frames.width], out=self._windowed[:, : frames.width])
        self._windowed[:, frames.width :] = 0.0
        frames.add(signal, low, self._windowed[rows])
