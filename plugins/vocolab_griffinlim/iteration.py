"""The iteration of fast Griffin-Lim."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from vocolab_griffinlim.frames import Frames

# Frames that go through a step together: their spectra stay in the processor's cache. Blocks lie on a fixed grid of
# absolute frames and are always full, because an FFT may round a frame by where it stands in a batch, and the
# iteration makes much of a small difference.
_BLOCK_FRAMES = 32
_TINY = np.float32(1e-30)

Complex = NDArray[np.complex64]


class Iteration:
    """Phases that make magnitudes (frames, bins) consistent with a signal.

    With c the spectrum so far and G the spectrum of the signal that c adds up to, one step is

        t' = G(c),   c' = magnitudes * unit(t' + momentum * (t' - t))

    which is Perraudin, Balazs and Soendergaard (2013), algorithm 2, with the projections in the other order.
    """

    def __init__(self, frames: Frames, magnitudes: NDArray[np.float32], momentum: float, first_frame: int) -> None:
        self._frames, self._momentum = frames, np.float32(momentum)
        used = np.flatnonzero(magnitudes.any(axis=0))
        # Nothing has to be known of bins that stay 0, which are a quarter of them at 22.05 kHz.
        self._low, self._high = (int(used[0]), int(used[-1]) + 1) if used.size else (0, 1)
        self._magnitudes = np.ascontiguousarray(magnitudes[:, self._low : self._high])
        self._norm = frames.norm()
        self._starts = range(-(first_frame % _BLOCK_FRAMES), frames.count, _BLOCK_FRAMES)
        self._spectra = np.zeros((_BLOCK_FRAMES, frames.n_fft // 2 + 1), dtype=np.complex64)
        self._windowed = np.zeros((_BLOCK_FRAMES, frames.window.size), dtype=np.float32)
        self._previous = np.zeros(self._magnitudes.shape, dtype=np.complex64)

    def run(self, phases: Complex, iterations: int) -> NDArray[np.float32]:
        """The signal (frames.samples,) after `iterations` steps from unit vectors (frames, bins)."""
        signal = np.zeros(self._frames.samples, dtype=np.float32)
        start = self._magnitudes * phases[:, self._low : self._high]
        for low, high, rows in self._blocks():
            self._synthesise(start[low:high], rows, low, signal)
        signal *= self._norm
        for _ in range(iterations):
            following = np.zeros_like(signal)
            for low, high, rows in self._blocks():
                spectra = self._analyse(signal, low, high, rows)
                self._synthesise(self._direct(spectra, low, high), rows, low, following)
            signal = following
            signal *= self._norm
        return signal

    def _blocks(self) -> list[tuple[int, int, slice]]:
        """Frames `low` to `high` of this mel, and the rows of a full block that they are."""
        blocks = []
        for start in self._starts:
            low, high = max(start, 0), min(start + _BLOCK_FRAMES, self._frames.count)
            blocks.append((low, high, slice(low - start, high - start)))
        return blocks

    def _analyse(self, signal: NDArray[np.float32], low: int, high: int, rows: slice) -> Complex:
        """Spectra (high - low, used bins) of the signal's frames `low` to `high`."""
        frames = self._frames
        views = np.lib.stride_tricks.sliding_window_view(signal, frames.window.size)[:: frames.hop][low:high]
        self._windowed.fill(0.0)
        np.multiply(views, frames.window, out=self._windowed[rows])
        # A frame that begins at its window has the magnitudes of one whose window stands in its middle.
        spectra: Complex = fft.rfft(self._windowed[:, : frames.width], n=frames.n_fft)
        return spectra[rows, self._low : self._high]

    def _direct(self, spectra: Complex, low: int, high: int) -> Complex:
        """The wanted magnitudes, in the direction to which the spectra move; keeps the spectra for next time."""
        previous = self._previous[low:high]
        ahead = spectra - previous
        ahead *= self._momentum
        ahead += spectra
        previous[:] = spectra
        gain = ahead.real**2
        gain += ahead.imag**2
        gain += _TINY
        np.sqrt(gain, out=gain)
        np.divide(self._magnitudes[low:high], gain, out=gain)
        ahead *= gain
        return ahead

    def _synthesise(self, spectra: Complex, rows: slice, first: int, signal: NDArray[np.float32]) -> None:
        """Add the frames of these spectra to the signal."""
        frames = self._frames
        self._spectra.fill(0.0)
        self._spectra[rows, self._low : self._high] = spectra
        self._windowed.fill(0.0)
        self._windowed[:, : frames.width] = fft.irfft(self._spectra, n=frames.n_fft)[:, : frames.width]
        self._windowed *= frames.window
        frames.add(signal, first, self._windowed[rows])
