"""Where frames stand in a signal, and the signal that frames add up to."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from vocolab.mels.filters import analysis_window
from vocolab.mels.spec import MelSpec

LEAST_WEIGHT = 0.01
"""Where the windows' squares sum to less than this part of their greatest sum, outside of all but the outermost frames,
dividing by them would only make noise loud."""


class Frames:
    """The geometry of `count` windowed frames: `slots` slots of one hop for each, one hop from frame to frame.

        frame 0   |----|----|----|----|
        frame 1        |----|----|----|----|
        frame 2             |----|----|----|----|
        signal              |---------------|         wanted_hops * hop samples, without what is outside

    Args:
        count: Frames.
        hop_samples: From one frame to the next.
        n_fft: Samples of a spectrum, at least those of the window.
        window: Of (win_samples,).
        start_samples: Samples from the beginning of frame 0 to that of the wanted signal.
        wanted_hops: Length of the wanted signal; None: as many hops as there are frames.
    """

    def __init__(
        self, count: int, hop_samples: int, n_fft: int, window: NDArray[np.float32], *, start_samples: int,
        wanted_hops: int | None = None,
    ) -> None:
        self.count, self.hop, self.n_fft = count, hop_samples, n_fft
        self.width = window.size
        self.slots = -(-self.width // self.hop)
        self.window = np.zeros(self.slots * self.hop, dtype=np.float32)
        self.window[: self.width] = window
        self.samples = (count + self.slots - 1) * self.hop
        self.start = start_samples
        self._wanted_samples = (count if wanted_hops is None else wanted_hops) * self.hop

    @classmethod
    def of_mel(cls, spec: MelSpec, count: int) -> Frames:
        """The frames of a mel: as its convention places and windows them."""
        left = (spec.n_fft - spec.win_samples) // 2
        window = analysis_window(spec)[left : left + spec.win_samples]
        return cls(count, spec.hop_samples, spec.n_fft, window, start_samples=spec.front_samples - left)

    @classmethod
    def covering(cls, hop_samples: int, hops: int) -> Frames:
        """Frames of four hops under a periodic Hann window that cover every sample of `hops` hops four times."""
        width = 4 * hop_samples
        window = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(width) / width)).astype(np.float32)
        return cls(hops + 3, hop_samples, width, window, start_samples=width - hop_samples, wanted_hops=hops)

    @property
    def reach(self) -> int:
        """How many frames away a frame, or a hop of the signal, still shares samples with a frame."""
        return max(self.slots - 1, 1)

    def norm(self) -> NDArray[np.float32]:
        """What overlapping frames have to be multiplied by, once windowed twice, to be the signal again."""
        squares = np.square(self.window, dtype=np.float64).reshape(self.slots, self.hop)
        weight = np.zeros((self.count + self.slots - 1, self.hop))
        for slot in range(self.slots):
            weight[slot : slot + self.count] += squares[slot]
        full = squares.sum(axis=0).max()
        return np.asarray(1.0 / np.maximum(weight, LEAST_WEIGHT * full), dtype=np.float32).reshape(-1)

    def add(self, signal: NDArray[np.float32], first: int, frames: NDArray[np.float32]) -> None:
        """Overlap-add windowed frames (n, slots * hop), frame `first` onwards, to `signal` (samples,).

        Each sample sums its frames in their order, so that it comes out the same however frames are grouped.
        """
        rows = signal.reshape(-1, self.hop)
        parts = frames.reshape(len(frames), self.slots, self.hop)
        for slot in reversed(range(self.slots)):
            rows[first + slot : first + slot + len(frames)] += parts[:, slot]

    def repeat(self, wanted: NDArray[np.float32]) -> NDArray[np.float32]:
        """The whole signal (samples,) from the wanted part of it, whose ends are repeated as they are.

        What has the period of a hop goes on so: a network's hum under a constant mel is of that kind.
        """
        left, right = self._outside(wanted)
        signal = np.empty(left + wanted.size + right, dtype=np.float32)
        signal[left : left + wanted.size] = wanted
        period = min(max(left, right), wanted.size)
        before, after = (np.tile(end, -(-max(left, right) // period)) for end in (wanted[:period], wanted[-period:]))
        signal[:left] = before[before.size - left :]
        signal[left + wanted.size :] = after[:right]
        return signal[: self.samples]

    def reflect(self, wanted: NDArray[np.float32]) -> NDArray[np.float32]:
        """The whole signal (samples,) from the wanted part of it, reflected at both ends as mels are extracted."""
        mode: Literal["reflect", "edge"] = "reflect" if wanted.size > 1 else "edge"
        return np.pad(wanted, self._outside(wanted), mode=mode)[: self.samples]

    def _outside(self, wanted: NDArray[np.float32]) -> tuple[int, int]:
        return self.start, max(self.samples - self.start - wanted.size, 0)

    def trim(self, signal: NDArray[np.float32]) -> NDArray[np.float32]:
        """The wanted part of a signal (samples,)."""
        wanted = signal[self.start : self.start + self._wanted_samples]
        return np.pad(wanted, (0, self._wanted_samples - wanted.size))
