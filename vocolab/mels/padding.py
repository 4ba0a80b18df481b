"""Padding of a mel: frames at an end that are one and the same, and no silence.

Batches are padded to their longest mel, mostly with zeros. In a mel of logarithms 0 is loud: such frames render as
noise at full scale.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vocolab.mels.spec import MelSpec

LEAST_FRAMES = 4
"""No recording and no prediction gives so many equal frames in a row above its floor."""
_NEAR_FLOOR = 0.01
_DEEPEST = 2.5
"""A clamp of 1e-12 has a floor that is so many times as deep as one of 1e-5."""


@dataclass(frozen=True)
class Unpadded:
    """The part of a mel that is not padding."""

    start: int
    stop: int
    text: str
    """What was found, for people; empty where there is no padding."""

    def of(self, frames: NDArray[np.float32]) -> NDArray[np.float32]:
        """That part of anything whose last axis is frames."""
        return np.ascontiguousarray(frames[..., self.start : self.stop]) if self.text else frames


def unpadded(values: NDArray[np.float32], spec: MelSpec) -> Unpadded:
    """Where in (n_mels, frames) the mel stands; a mel of nothing but equal frames is all of it."""
    frames = values.shape[1]
    head, tail = _equal_frames(values), _equal_frames(values[:, ::-1])
    if head == frames:
        return Unpadded(0, frames, "")
    least = float(values.min())
    head, tail = (_padding(*end, least, spec) for end in ((head, values[:, 0]), (tail, values[:, -1])))
    ends = ((head, "first", 0), (tail, "last", -1))
    found = [_told(count, end, values[:, index]) for count, end, index in ends if count]
    return Unpadded(head, frames - tail, f"{' and '.join(found)}: that is padding" if found else "")


def _equal_frames(values: NDArray[np.float32]) -> int:
    """How many frames are the same as the first."""
    differs = (values != values[:, :1]).any(axis=0)
    return int(differs.argmax()) if differs.any() else int(values.shape[1])


def _padding(equal: int, frame: NDArray[np.float32], least: float, spec: MelSpec) -> int:
    """How many of the equal frames are padding: where a frame is repeated, the one that is repeated is not."""
    count = equal if frame.max() == frame.min() else equal - 1
    return 0 if count < LEAST_FRAMES or _is_silence(frame, least, spec) else count


def _is_silence(frame: NDArray[np.float32], least: float, spec: MelSpec) -> bool:
    """Whether a frame is at the floor: the mel's own least value in every band, unless that is far below any floor."""
    if float(frame.max()) > least + _NEAR_FLOOR:
        return False
    has_floor = not (spec.mean or spec.scale or spec.log_base == "none" or spec.clip)
    return not has_floor or least >= _DEEPEST * spec.silence


def _told(count: int, end: str, frame: NDArray[np.float32]) -> str:
    flat = frame.max() == frame.min()
    return f"the {end} {count} frames are {f'{frame[0]:.4g} in every band' if flat else 'the same one again'}"
