"""The iteration of fast Griffin-Lim."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vocolab.spectral.frames import Frames
from vocolab.spectral.transform import Complex, Transform

_TINY = np.float32(1e-30)


class Iteration:
    """Phases that make magnitudes (frames, bins) consistent with a signal.

    With c the spectrum so far and G the spectrum of the signal that c adds up to, one step is

        t' = G(c),   c' = magnitudes * unit(t' + momentum * (t' - t))

    which is Perraudin, Balazs and Soendergaard (2013), algorithm 2, with the projections in the other order.

    With a `softness` s a vector v becomes v / sqrt(|v|^2 + (s * magnitude)^2) instead of a unit: where the spectra are
    far smaller than what is wanted, their direction is that of rounding errors, and a unit would make these loud.
    """

    def __init__(
        self, frames: Frames, magnitudes: NDArray[np.float32], momentum: float, first_frame: int, softness: float = 0.0
    ) -> None:
        self._frames, self._momentum = frames, np.float32(momentum)
        used = np.flatnonzero(magnitudes.any(axis=0))
        # Nothing has to be known of bins that stay 0, which are a quarter of them at 22.05 kHz.
        low, high = (int(used[0]), int(used[-1]) + 1) if used.size else (0, 1)
        self._transform = Transform(frames, first_frame, low, high)
        self._magnitudes = np.ascontiguousarray(magnitudes[:, low:high])
        self._softness = np.float32(softness**2)
        self._norm = frames.norm()
        self._moved = np.zeros(self._magnitudes.shape, dtype=np.complex64)
        """The spectra before, times the momentum."""

    def run(self, phases: Complex, iterations: int) -> NDArray[np.float32]:
        """The signal (frames.samples,) after `iterations` steps from unit vectors (frames, bins)."""
        transform = self._transform
        signal = np.zeros(self._frames.samples, dtype=np.float32)
        for block in transform.blocks():
            here = slice(block[0], block[1])
            transform.synthesise(self._magnitudes[here] * phases[here, transform.bins], block, signal)
        signal *= self._norm
        for _ in range(iterations):
            following = np.zeros_like(signal)
            for block in transform.blocks():
                spectra = transform.analyse(signal, block)
                transform.synthesise(self._direct(spectra, block[0], block[1]), block, following)
            signal = following
            signal *= self._norm
        return signal

    def _direct(self, spectra: Complex, low: int, high: int) -> Complex:
        """The wanted magnitudes, in the direction to which the spectra move; keeps these for next time."""
        # Each pass over the spectra is memory read and written: they are as few as can be.
        moved, magnitudes = self._moved[low:high], self._magnitudes[low:high]
        ahead = spectra * (1 + self._momentum)
        ahead -= moved
        np.multiply(spectra, self._momentum, out=moved)
        gain = ahead.real**2
        gain += ahead.imag**2
        if self._softness:
            least = np.square(magnitudes)
            least *= self._softness
            gain += least
        gain += _TINY
        np.sqrt(gain, out=gain)
        np.divide(magnitudes, gain, out=gain)
        ahead *= gain
        return ahead
