"""Whether a peak is speech or chance: speech has company.

A peak of noise stands alone, for as long as a frame lasts and in a bin or two. Speech stands in neighbouring frames and
in neighbouring bins. So powers over the noise are averaged over what is around, with a most that one can count; where
the average says that there is noise only, a peak is not believed, and what is left of the noise keeps one gain.
Peaks that are let through are what is heard as music. The average is that of I. Cohen and B. Berdugo's probability that
speech is absent (Signal Processing 81, 2001, section 3.3), on powers in place of estimated ratios, and with frames that
are still to come.
"""

from __future__ import annotations

import numpy as np
from scipy.ndimage import uniform_filter1d

from vocolab_restoration.noise_tracking import Real

_MOST = 8.0
"""What one bin counts, times the noise."""
_FRAMES, _BINS = 10, 24
"""How far the average reaches on either side: 80 ms and 750 Hz, with frames 8 ms and bins 31 Hz apart."""
_NOISE, _SPEECH = 1.55, 1.8
"""Noise alone gives 1.25 on average: up to the first there is noise only, from the second on speech."""


class SpeechSupport:
    """What speaks for speech around each bin of one stream, from 0 to 1.

    Args:
        bins: How many there are.
    """

    lag = _FRAMES
    """How many frames it has to see after one."""

    def __init__(self, bins: int) -> None:
        self._seen = np.ones((2 * _FRAMES, bins))

    def add(self, over_noise: Real) -> Real:
        """The next frames' powers over that of the noise, (frames, bins); as many, `lag` of them late."""
        seen = np.concatenate([self._seen, np.minimum(over_noise, _MOST)])
        self._seen = seen[len(over_noise) :]
        width = 2 * _FRAMES + 1
        sums = np.cumsum(np.concatenate([np.zeros((1, seen.shape[1])), seen]), axis=0)
        around = uniform_filter1d((sums[width:] - sums[:-width]) / width, 2 * _BINS + 1, axis=1, mode="mirror")
        # A straight line in decibels between the two.
        return np.asarray(np.clip(np.log(np.maximum(around, 1e-3) / _NOISE) / np.log(_SPEECH / _NOISE), 0, 1))
