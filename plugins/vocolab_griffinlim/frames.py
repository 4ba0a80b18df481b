"""Where frames stand in a signal, and the signal that frames add up to."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vocolab.mels.filters import analysis_window
from vocolab.mels.spec import MelSpec

# Where the windows' squares sum to less than this part of their greatest sum, outside of all but the outermost frames,
# dividing by them would only make noise loud.
_LEAST_WEIGHT = 0.01


class Frames:
    """The geometry of `count` windowed frames: `slots` slots of one hop for each, one hop from frame to frame.

        frame 0   |----|----|----|----|
        frame 1        |----|----|----|----|
        frame 2             |----|----|----|----|
        signal              |---------------|         count * hop samples, without what is outside
    """

    def __init__(self, spec: MelSpec, count: int) -> None:
        self.count, self.hop, self.n_fft = count, spec.hop_samples, spec.n_fft
        self.slots = -(-spec.win_samples // self.hop)
        self.window = np.zeros(self.slots * self.hop, dtype=np.float32)
        left = (spec.n_fft - spec.win_samples) // 2
        self.window[: spec.win_samples] = analysis_window(spec)[left : left + spec.win_samples]
        padding = spec.n_fft // 2 if spec.padding == "center" else (spec.n_fft - self.hop) // 2
        self._start = padding - left
        self.width = spec.win_samples
        self.samples = (count + self.slots - 1) * self.hop

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
        return np.asarray(1.0 / np.maximum(weight, _LEAST_WEIGHT * full), dtype=np.float32).reshape(-1)

    def add(self, signal: NDArray[np.float32], first: int, frames: NDArray[np.float32]) -> None:
        """Overlap-add windowed frames (n, slots * hop), frame `first` onwards, to `signal` (samples,).

        Each sample sums its frames in their order, so that it comes out the same however frames are grouped.
        """
        rows = signal.reshape(-1, self.hop)
        parts = frames.reshape(len(frames), self.slots, self.hop)
        for slot in reversed(range(self.slots)):
            rows[first + slot : first + slot + len(frames)] += parts[:, slot]

    def trim(self, signal: NDArray[np.float32]) -> NDArray[np.float32]:
        """The count * hop samples that the mel stands for."""
        wanted = signal[self._start : self._start + self.count * self.hop]
        return np.pad(wanted, (0, self.count * self.hop - wanted.size))
