"""Padding of a mel: frames at an end that are one and the same, and no silence; and what no sound has within it.

Batches are padded to their longest mel, mostly with zeros. In a mel of logarithms 0 is loud: such frames render as
noise at full scale. Within a mel they can't be left out, since what follows would come too early.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vocolab.mels.spec import MelSpec

LEAST_FRAMES = 4
"""No recording and no prediction gives so many equal frames in a row above its floor."""
_LEAST_FLAT_FRAMES = 1
"""The same of frames with one value in every band."""
_LEAST_TO_TELL = 20
_NEAR_FLOOR = 0.01
_UNDER_SILENCE = 0.5
"""Nats: what was clamped at a convention's floor, in a mel whose prediction goes a little below it."""
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


def loud_padding(values: NDArray[np.float32], spec: MelSpec) -> str:
    """What `unpadded` finds, for people, where it is louder than half of the other frames; else nothing.

    A speaking voice rests in room tone: one quiet frame as often as the rest is long.
    """
    part = unpadded(values, spec)
    if not part.text:
        return ""
    levels = values.mean(axis=0)
    outside = np.concatenate([levels[: part.start], levels[part.stop :]])
    return part.text if outside.max() > np.median(part.of(levels)) else ""


def _equal_frames(values: NDArray[np.float32]) -> int:
    """How many frames are the same as the first."""
    differs = (values != values[:, :1]).any(axis=0)
    return int(differs.argmax()) if differs.any() else int(values.shape[1])


def _padding(equal: int, frame: NDArray[np.float32], least: float, spec: MelSpec) -> int:
    """How many of the equal frames are padding: where a frame is repeated, the one that is repeated is not."""
    is_flat = bool(frame.max() == frame.min())
    count, wanted = (equal, _LEAST_FLAT_FRAMES) if is_flat else (equal - 1, LEAST_FRAMES)
    return 0 if count < wanted or _is_silence(frame, least, spec) else count


def _is_silence(frame: NDArray[np.float32], least: float, spec: MelSpec) -> bool:
    """Whether a frame is at the floor: the mel's own least value in every band, unless that is far below any floor."""
    has_floor = not (spec.mean or spec.scale or spec.log_base == "none" or spec.clip)
    if has_floor and least >= spec.silence - _UNDER_SILENCE and float(frame.max()) <= spec.silence + _NEAR_FLOOR:
        return True
    if float(frame.max()) > least + _NEAR_FLOOR:
        return False
    return not has_floor or least >= _DEEPEST * spec.silence


def constants(values: NDArray[np.float32], spec: MelSpec) -> list[str]:
    """What within a mel holds one and the same value, and is no silence: frames in every band, bands in every frame."""
    least = float(values.min())
    if values.shape[1] < _LEAST_TO_TELL or float(values.max()) == least:
        return []

    def is_odd(part: NDArray[np.float32]) -> bool:
        is_clipped = spec.clip is not None and float(part[0]) >= spec.clip[1]
        return not (is_clipped or _is_silence(part, least, spec))

    found = []
    flat = [int(frame) for frame in np.flatnonzero((values == values[:1]).all(axis=0)) if is_odd(values[:, frame])]
    if flat:
        start_s = flat[0] * spec.hop_samples / spec.sample_rate
        found.append(f"of its frames {len(flat)}, the first at {start_s:.2f} s, hold {values[0, flat[0]]:.4g} in every "
                     "band, which is padding within the mel and no sound")
    held = [int(band) for band in np.flatnonzero((values == values[:, :1]).all(axis=1)) if is_odd(values[band, :1])]
    if held:
        found.append(f"of its bands {len(held)}, the first the one of index {held[0]}, hold "
                     f"{values[held[0], 0]:.4g} in every frame, which no sound does")
    return found


def _told(count: int, end: str, frame: NDArray[np.float32]) -> str:
    which = f"the {end} frame is" if count == 1 else f"the {end} {count} frames are"
    return f"{which} {f'{frame[0]:.4g} in every band' if frame.max() == frame.min() else 'the same one again'}"
