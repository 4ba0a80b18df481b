"""From weighted power to LUFS: the channels' weights and the two gates of ITU-R BS.1770-5, annex 1."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from vocolab.errors import AudioError
from vocolab.layouts import LFE, Layout, assumed

#: Full scale to loudness: a 997 Hz sine of 0 dBFS in one front channel reads -3.01 LUFS.
OFFSET_LU = -0.691
ABSOLUTE_GATE_LUFS = -70.0
RELATIVE_GATE_LU = -10.0
_SURROUND = 1.41  # BS.1770-5, annex 1, table 3


def channel_weights(channels: int, layout: Layout | None = None) -> NDArray[np.float64]:
    """The weight of each channel by what it is for: LFE 0, the two surround channels 1.41, all others 1.

    Where a layout has loudspeakers at the sides and behind, those at the sides are its surrounds: BS.1770-5, annex 3,
    weighs by the angle, and only from 60 to 120 degrees more than 1.

    Args:
        channels: How many there are.
        layout: What they are; None: mono, stereo, L R C, quad, 5.0 or 5.1.

    Raises:
        AudioError: for more than 6 channels without a layout.
    """
    layout = layout if layout is not None and layout.channels == channels else assumed(channels)
    if layout is None:
        raise AudioError(f"loudness is defined for 1 to 6 channels, not {channels}; mix down first, or write a file "
                         "that names the loudspeakers of its channels")
    surrounds = layout.surrounds
    return np.array([
        0.0 if speaker == LFE else _SURROUND if speaker in surrounds else 1.0
        for speaker in layout.speakers
    ])  # fmt: skip


def lufs(power: float) -> float:
    """Loudness of a weighted power above 0, BS.1770-5 equation 2."""
    return OFFSET_LU + 10 * math.log10(power)


def power_at(loudness_lufs: float) -> float:
    """The weighted power that has a loudness: the inverse of `lufs`."""
    return float(10 ** ((loudness_lufs - OFFSET_LU) / 10))


def gated_lufs(powers: NDArray[np.float64]) -> float | None:
    """Integrated loudness of weighted block powers (blocks,), equations 5 to 7; None where nothing passes the gate."""
    loud = powers[powers > power_at(ABSOLUTE_GATE_LUFS)]
    if not loud.size:
        return None
    gate = loud.mean() * 10 ** (RELATIVE_GATE_LU / 10)
    return lufs(float(loud[loud > gate].mean()))


def greatest_lufs(powers: NDArray[np.float64]) -> float | None:
    """Loudness of the loudest window; None where there is no window, or nothing but digital silence."""
    greatest = float(powers.max()) if powers.size else 0.0
    return lufs(greatest) if greatest > 0 else None
