"""Harmonics whose phase goes in a straight line from the middle of each frame to the middle of the next."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vocolab.networks.noise import gaussian
from vocolab_nsf_hifigan.source import Floats, with_noise


class JoinedHarmonics:
    """The source of HiFTNet: phases summed a frame at a time, level before the first middle and after the last.

    Where the harmonics begin makes no difference: the published code draws it and never reads it.
    """

    lag_frames = 1

    def __init__(
        self, rate_hz: float, hop: int, harmonics: int, seed: int, *, voiced_above_hz: float, first_frame: int = 0
    ) -> None:
        self._rate, self._hop, self._harmonics, self._seed = rate_hz, hop, harmonics, seed
        self._voiced_above, self._frame = voiced_above_hz, first_frame
        self._phase = 0.0
        self._begun = False
        self._f0: NDArray[np.float64] = np.zeros(0)
        self._noise: Floats | None = None

    def extend(self, f0_hz: Floats, noise: Floats | None, *, last: bool = False) -> Floats:
        """As `vocolab_nsf_hifigan.source.Source.extend`."""
        self._f0 = np.concatenate([self._f0, f0_hz.astype(np.float64)])
        if noise is not None:
            self._noise = noise if self._noise is None else np.concatenate([self._noise, noise], axis=1)
        certain = self._f0.size if last else self._f0.size - 1
        if certain < 1:
            return np.zeros((self._harmonics, 0), dtype=np.float32)
        f0, following = self._f0[:certain], self._f0[1 : certain + 1]
        if last:
            following = np.append(following, 0.0)  # after the last frame's middle the phase stands still
        cycles = self._cycles(f0, following)
        voiced = np.repeat(f0 > self._voiced_above, self._hop)
        sines = np.sin(2 * np.pi * np.mod(cycles * np.arange(1, self._harmonics + 1)[:, None], 1.0))
        made = with_noise(sines, voiced, self._drawn(certain))
        self._f0, self._frame = self._f0[certain:], self._frame + certain
        return made

    def _cycles(self, f0: NDArray[np.float64], following: NDArray[np.float64]) -> NDArray[np.float64]:
        """The first harmonic's phase at each sample of these frames."""
        grown = f0 * self._hop / self._rate
        middles = self._phase + np.cumsum(grown)
        before = grown.copy()
        if not self._begun:
            before[0] = 0.0
        self._begun, self._phase = True, float(np.mod(middles[-1], 1.0))
        place = (np.arange(self._hop) + 0.5) / self._hop - 0.5
        slope = np.where(place < 0, before[:, None], following[:, None] * self._hop / self._rate)
        cycles: NDArray[np.float64] = (middles[:, None] + place * slope).ravel()
        return cycles

    def _drawn(self, frames: int) -> Floats:
        count = frames * self._hop
        if self._noise is not None:
            drawn, self._noise = self._noise[:, :count], self._noise[:, count:]
            return drawn
        first = self._frame * self._hop
        return np.stack([gaussian(self._seed, first, count, stream=stream) for stream in range(self._harmonics)])
