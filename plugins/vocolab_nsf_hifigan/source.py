"""The source of NSF networks, frame by frame: harmonics of F0 and a little noise, or one sine.

Phases are kept in cycles and in float64. They go on from frame to frame, so a source is made in order, and a part of
it knows how far it has come.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vocolab.networks.noise import gaussian

Floats = NDArray[np.float32]
Cycles = NDArray[np.float64]

SINE_LEVEL, VOICED_NOISE, UNVOICED_NOISE = 0.1, 0.003, 0.1 / 3


class Source(Protocol):
    """Makes the excitation of a network from F0 as it comes."""

    @property
    def lag_frames(self) -> int:
        """Frames that have to follow before a frame's source is certain."""
        ...

    def extend(self, f0_hz: Floats, noise: Floats | None, *, last: bool = False) -> Floats:
        """Sines of the frames that are certain now, (harmonics, steps), for the F0 of the next frames.

        Args:
            f0_hz: 0 where unvoiced.
            noise: White, of unit variance, (harmonics, samples) of the same frames; None: of the seed.
            last: No frame follows.
        """
        ...


def start_phases(seed: int, harmonics: int) -> Cycles:
    """Where harmonics begin, in cycles: the first at 0, the others anywhere."""
    phases: Cycles = np.random.default_rng(seed).random(harmonics)
    phases[0] = 0.0
    return phases


def with_noise(sines: NDArray[np.float64], voiced: NDArray[np.bool_], noise: Floats) -> Floats:
    """Sines (harmonics, samples) at their level where voiced, and noise, a little there and more elsewhere."""
    level = np.where(voiced, VOICED_NOISE, UNVOICED_NOISE)
    return (SINE_LEVEL * sines * voiced + level * noise).astype(np.float32)


class HeldHarmonics:
    """Harmonics of one phase, F0 constant within a frame; in unvoiced frames the phase stands still."""

    lag_frames = 0

    def __init__(
        self, rate_hz: float, steps: int, harmonics: int, seed: int, *, first_frame: int = 0,
        start: Cycles | None = None, voiced_above_hz: float = 0.0,
    ) -> None:
        self._rate, self._steps, self._harmonics, self._seed = rate_hz, steps, harmonics, seed
        self._start = start_phases(seed, harmonics) if start is None else start
        self._phase, self._frame, self._voiced_above = 0.0, first_frame, voiced_above_hz

    def extend(self, f0_hz: Floats, noise: Floats | None, *, last: bool = False) -> Floats:
        """As `Source.extend`."""
        f0 = f0_hz.astype(np.float64)
        grown = f0[:, None] / self._rate * np.arange(1, self._steps + 1)
        before = self._phase + np.concatenate([[0.0], np.cumsum(grown[:, -1])])
        phase = np.mod(grown + before[:-1, None], 1.0).ravel()
        self._phase = float(np.mod(before[-1], 1.0))
        noise = self._noise(f0.size) if noise is None else noise
        self._frame += f0.size
        cycles = phase * np.arange(1, self._harmonics + 1)[:, None] + self._start[:, None]
        return with_noise(np.sin(2 * np.pi * cycles), np.repeat(f0_hz > self._voiced_above, self._steps), noise)

    def _noise(self, frames: int) -> Floats:
        first, count = self._frame * self._steps, frames * self._steps
        return np.stack([gaussian(self._seed, first, count, stream=stream) for stream in range(self._harmonics)])


class GlidingSine:
    """One sine whose frequency goes straight from each frame's F0 to the next one's, voiced or not."""

    lag_frames = 1

    def __init__(self, rate_hz: float, steps: int) -> None:
        self._rate, self._steps = rate_hz, steps
        self._phase = 0.0
        self._waiting: NDArray[np.float64] = np.zeros(0)

    def extend(self, f0_hz: Floats, noise: Floats | None, *, last: bool = False) -> Floats:
        """As `Source.extend`; there is no noise."""
        f0 = np.concatenate([self._waiting, f0_hz.astype(np.float64)])
        if last and f0.size:
            f0 = np.append(f0, f0[-1])
        self._waiting = f0[-1:] if not last else np.zeros(0)
        if f0.size < 2:
            return np.zeros((1, 0), dtype=np.float32)
        step = np.arange(1, self._steps + 1)
        here, change = f0[:-1, None], np.diff(f0)[:, None]
        grown = (here * step + change * step * (step - 1) / (2 * self._steps)) / self._rate
        before = self._phase + np.concatenate([[0.0], np.cumsum(grown[:, -1])])
        self._phase = float(np.mod(before[-1], 1.0))
        sines: Floats = np.sin(2 * np.pi * (grown + before[:-1, None])).astype(np.float32)
        return sines.reshape(1, -1)
