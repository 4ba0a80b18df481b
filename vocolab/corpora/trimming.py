"""Where a recording begins and ends to sound, and how loud it is between its words."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_FRAME_MS = 10
_SMOOTHED_FRAMES = 2  # 20 ms: a click is no speech, a consonant is
_QUIETEST_SHARE = 0.05
_LEAST_FRAMES = 50  # half a second: in less there may be no pause
_LEAST_POWER = 1e-12


def sounding_part(samples: NDArray[np.float32], sample_rate: int, trim_db: float, keep_ms: float) -> slice:
    """The samples from the first to the last sound, with `keep_ms` around them.

    Sound is where the power over 20 ms is less than `trim_db` under that of the loudest 20 ms: a measure that knows
    no level. Pauses inside stay.

    Args:
        samples: Mono, shape (samples,).
        sample_rate: Hz.
        trim_db: Above 0.
        keep_ms: What stays of the silence on both sides, 0 or more.
    """
    powers = _smoothed(frame_powers(samples, sample_rate))
    if not powers.size or powers.max() <= 0:
        return slice(0, samples.size)
    sounding = np.flatnonzero(powers > powers.max() * 10 ** (-trim_db / 10))
    frame = _frame_samples(sample_rate)
    keep = round(keep_ms * sample_rate / 1000)
    first = int(sounding[0]) * frame - keep
    last = (int(sounding[-1]) + _SMOOTHED_FRAMES) * frame + keep
    return slice(max(first, 0), min(last, samples.size))


def noise_floor_dbfs(samples: NDArray[np.float32], sample_rate: int) -> float | None:
    """RMS that the quietest twentieth of all 20 ms stays under, of a full scale at 1.

    Digital silence was made, not recorded, and does not count. None where not half a second is left. Speech has a
    stop or a pause in every second, where this is the room; where a voice never rests it is the quietest of the voice.
    """
    powers = _smoothed(frame_powers(samples, sample_rate))
    powers = powers[powers > _LEAST_POWER]
    if powers.size < _LEAST_FRAMES:
        return None
    return 10 * float(np.log10(np.quantile(powers, _QUIETEST_SHARE)))


def frame_powers(samples: NDArray[np.float32], sample_rate: int) -> NDArray[np.float64]:
    """Mean power of consecutive 10 ms; what is left at the end does not count."""
    frame = _frame_samples(sample_rate)
    n_frames = samples.size // frame
    framed = samples[: n_frames * frame].reshape(n_frames, frame)
    powers: NDArray[np.float64] = np.einsum("ij,ij->i", framed, framed, dtype=np.float64) / frame
    return powers


def _smoothed(powers: NDArray[np.float64]) -> NDArray[np.float64]:
    if powers.size < _SMOOTHED_FRAMES:
        return powers
    windows: NDArray[np.float64] = np.lib.stride_tricks.sliding_window_view(powers, _SMOOTHED_FRAMES).mean(axis=-1)
    return windows


def _frame_samples(sample_rate: int) -> int:
    return max(1, round(_FRAME_MS * sample_rate / 1000))
