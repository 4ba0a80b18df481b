"""What is between two sentences, and what a sentence's own edges have of it already."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from vocolab.errors import CallError
from vocolab.mels.mel import Mel
from vocolab.mels.spec import MelSpec

Between = Literal["room", "silence"]
"""Room tone, as the voice has it where it says nothing; or digital silence."""

FADE_S = 0.005
"""At the edges of what is spoken where digital silence is next to it: inaudible by itself, and nothing clicks."""
_QUIETEST = 0.05
"""Share of a sentence's frames that its room tone is taken from."""
_LEAST_FRAMES = 3


def checked_between(between: str) -> Between:
    """The same.

    Raises:
        CallError: if there is no such filling.
    """
    if between not in get_args(Between):
        raise CallError(f"between sentences there is {' or '.join(get_args(Between))}, not {between!r}")
    return between  # type: ignore[return-value]


def missing_s(wanted_s: float, tail_s: float, lead_s: float) -> float:
    """How much silence is to be put between two sentences, of which one ends and the other begins with some.

    Args:
        wanted_s: From the last word of the one to the first word of the other, in seconds.
        tail_s: Silence that the one ends with.
        lead_s: Silence that the other begins with.
    """
    return max(0.0, wanted_s - tail_s - lead_s)


def room_tone(mel: Mel) -> NDArray[np.float32]:
    """One frame (n_mels, 1) of what the voice has where it says nothing: the mean of a sentence's quietest frames."""
    levels = mel.values.mean(axis=0)
    n_quiet = min(mel.frames, max(_LEAST_FRAMES, round(mel.frames * _QUIETEST)))
    quiet = np.argpartition(levels, n_quiet - 1)[:n_quiet]
    frame: NDArray[np.float32] = mel.values[:, np.sort(quiet)].mean(axis=1, keepdims=True)
    return frame


def silent_frame(spec: MelSpec) -> NDArray[np.float32]:
    """One frame (n_mels, 1) of digital silence."""
    values = np.full((spec.n_mels, 1), spec.silence, np.float64)
    if spec.mean is not None and spec.scale is not None:
        values = (values - np.array(spec.mean)[:, None]) / np.array(spec.scale)[:, None]
    return values.astype(np.float32)


def preceded(mel: Mel, frame: NDArray[np.float32], frames: int) -> Mel:
    """A mel with so many equal, unvoiced frames before it."""
    if not frames:
        return mel
    f0_hz = None if mel.f0_hz is None else np.concatenate([np.zeros(frames, np.float32), mel.f0_hz])
    return Mel(np.concatenate([np.repeat(frame, frames, axis=1), mel.values], axis=1), mel.spec, f0_hz)


def faded(samples: NDArray[np.float32], sample_rate: int) -> NDArray[np.float32]:
    """Samples (n,) that begin and end at zero."""
    n_fade = min(round(FADE_S * sample_rate), samples.size // 2)
    if not n_fade:
        return samples
    ramp = np.sin(np.linspace(0, np.pi / 2, n_fade, dtype=np.float32)) ** 2
    out = samples.copy()
    out[:n_fade] *= ramp
    out[-n_fade:] *= ramp[::-1]
    return out
