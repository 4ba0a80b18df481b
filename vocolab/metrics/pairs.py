"""Two signals brought to what can be compared."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vocolab.audio import Audio


def common(recorded: Audio, rendered: Audio, sample_rate: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Both as one channel at `sample_rate` Hz, cut to the shorter of the two."""
    reference, degraded = (audio.mono_at(sample_rate).samples[0] for audio in (recorded, rendered))
    n = min(reference.size, degraded.size)
    return reference[:n], degraded[:n]
