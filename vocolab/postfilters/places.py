"""Where the frames of a round of band gains stand, and which part of each is added up again."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from vocolab.mels.spec import MelSpec
from vocolab.spectral.frames import LEAST_WEIGHT, Frames

WIDE_ROUNDS = 2
"""After so many rounds only the middle halves of the frames are added up. Later corrections are small, and a round so
reaches two hops ahead instead of three. Where the first rounds are narrow too, listeners' predicted scores fall."""


class Places:
    """The geometry of a round, for a mel convention.

    Args:
        spec: The convention.
        is_narrow: Whether only the middle half of each frame is added up. Where frames overlap by less than three
            quarters of a window, or stand too far out, all of it is.

    Attributes:
        slots: Hops of a frame that are added up, from `first` on.
        window: What a frame is multiplied by before its transform, (all slots, hop_samples).
        synthesis: What it is multiplied by afterwards.
        norm: What the sum in a hop is multiplied by, where all its frames are there.
    """

    def __init__(self, spec: MelSpec, *, is_narrow: bool) -> None:
        self.frames = frames = Frames.of_mel(spec, 1)
        synthesis, (first, stop) = frames.window, (0, frames.slots)
        if is_narrow and _can_be_narrow(frames):
            synthesis, (first, stop) = _middle(frames), _middle_slots(frames)
        self.first, self.slots = first, stop - first
        self.window, self.synthesis = (one.reshape(frames.slots, -1) for one in (frames.window, synthesis))
        self._weights = (self.window.astype(np.float64) * self.synthesis)[first:stop]
        self._norms: dict[tuple[int, ...], NDArray[np.float32]] = {}
        self.norm = self.norm_of(self.slots - 1, None)

    @property
    def reach(self) -> int:
        """Frames to either side that a hop of the sum depends on."""
        return max(self.frames.slots - 1 - self.first, self.first + self.slots - 1, 1)

    def norm_of(self, hop: int, total: int | None) -> NDArray[np.float32]:
        """What the sum in a hop has to be multiplied by, where there are `total` frames."""
        last = hop if total is None else total - 1
        there = tuple(slot for slot in range(self.slots) if 0 <= hop - slot <= last)
        if there not in self._norms:
            weight, most = self._weights[list(there)].sum(axis=0), self._weights.sum(axis=0).max()
            norm = 1.0 / np.maximum(weight, LEAST_WEIGHT * most)
            self._norms[there] = np.asarray(norm, dtype=np.float32)
        return self._norms[there]


def places_of(spec: MelSpec, rounds: int) -> list[Places]:
    """Those of so many rounds, one after the other."""
    return [_places(spec, index >= WIDE_ROUNDS) for index in range(rounds)]


@lru_cache(maxsize=16)
def _places(spec: MelSpec, is_narrow: bool) -> Places:
    return Places(spec, is_narrow=is_narrow)


def _can_be_narrow(frames: Frames) -> bool:
    first, stop = _middle_slots(frames)
    return frames.width >= 4 * frames.hop and first * frames.hop <= frames.start <= (stop - 1) * frames.hop


def _middle_slots(frames: Frames) -> tuple[int, int]:
    """The slots that the middle half of a window is in: the first, and the one after the last."""
    quarter = frames.width // 4
    return quarter // frames.hop, -(-(frames.width - quarter) // frames.hop)


def _middle(frames: Frames) -> NDArray[np.float32]:
    """Half a period of a sine over the middle half of the window."""
    quarter = frames.width // 4
    half = frames.width - 2 * quarter
    window = np.zeros_like(frames.window)
    window[quarter : quarter + half] = np.sin(np.pi * (np.arange(half) + 0.5) / half)
    return window
