"""F0 beside a mel: one number of Hz a frame, 0 where the frame is unvoiced."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vocolab.errors import MelError


def checked_f0(f0_hz: ArrayLike, frames: int, sample_rate: int, source: str = "the mel") -> NDArray[np.float32]:
    """`f0_hz` as float32 of (frames,).

    Raises:
        MelError: if it has another length or type, or holds NaN, negative numbers, or more than half the sample rate.
    """
    given = np.asarray(f0_hz)
    if given.dtype.kind != "f":
        raise MelError(f"its f0_hz are {given.dtype}; they are floating-point numbers, 0 where unvoiced", about=source)
    if given.shape != (frames,):
        raise MelError(f"its f0_hz have the shape {given.shape}, and it has {frames} frames; there has to be "
                       "one for each", about=source)
    with np.errstate(over="ignore"):
        values = given.astype(np.float32)
    for bad, what in (
        (~np.isfinite(values), "no number"), (values < 0, "negative"),
        (values > sample_rate / 2, f"above half the sample rate, {sample_rate / 2:g} Hz"),
    ):
        if bad.any():
            first = int(np.argmax(bad))
            raise MelError(f"f0_hz of frame {first} is {values[first]:g}, {what}; unvoiced frames are 0", about=source)
    values.setflags(write=False)
    return values


@dataclass(frozen=True)
class PitchFacts:
    """Figures of an F0 track, in Hz; None where no frame is voiced."""

    voiced_frames: int
    frames: int
    lowest_hz: float | None
    median_hz: float | None
    highest_hz: float | None

    def to_dict(self) -> dict[str, Any]:
        """All of it, as JSON knows it."""
        return asdict(self)

    def __str__(self) -> str:
        if self.median_hz is None:
            return f"no frame of {self.frames} is voiced"
        return (f"{self.lowest_hz:.1f} to {self.highest_hz:.1f} Hz, median {self.median_hz:.1f}; "
                f"{self.voiced_frames} of {self.frames} frames voiced")


def pitch_facts(f0_hz: NDArray[np.float32]) -> PitchFacts:
    """The figures of a track that `checked_f0` gave."""
    voiced = f0_hz[f0_hz > 0].astype(np.float64)
    if voiced.size == 0:
        return PitchFacts(0, f0_hz.size, None, None, None)
    return PitchFacts(voiced.size, f0_hz.size, float(voiced.min()), float(np.median(voiced)), float(voiced.max()))
