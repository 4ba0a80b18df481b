"""The spectrum of the noise under speech, followed from frame to frame.

T. Gerkmann, R. C. Hendriks, "Unbiased MMSE-Based Noise Power Estimation with Low Complexity and Low Tracking Delay",
IEEE TASLP 20(4), 2012: what a frame says of the noise counts by the probability that nobody speaks in that band, with
speech at a fixed 15 dB over the noise and as likely as not. Compared with minimum statistics and with IMCRA it needs no
window of a second in which a minimum is searched, so that noise that rises is followed within 100 ms or so.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Real = NDArray[np.float64]

LEAST_POWER = 1e-12
"""What no noise counts as."""
_SPEECH_RATIO = 10 ** (15 / 10)
_STEP_S = 0.016
"""The paper's hop, at which its factors hold."""
_KEPT, _SLOW = 0.8, 0.9
_STUCK = 0.99
_QUANTILE = 20.0
_OF_MEAN = 0.2231
"""The 20th percentile of an exponential distribution, which the powers of a noise have, by its mean."""


class NoiseTracker:
    """The noise of one stream.

    Args:
        noise: Power by bin, to begin with.
        hop_s: From frame to frame.
    """

    def __init__(self, noise: Real, hop_s: float) -> None:
        self.noise = np.maximum(noise, LEAST_POWER)
        self._kept, self._slow = _KEPT ** (hop_s / _STEP_S), _SLOW ** (hop_s / _STEP_S)
        self._often = np.full(noise.shape, 0.5)

    def update(self, power: Real) -> Real:
        """The noise after a frame of these powers by bin."""
        ratio = np.minimum(power / self.noise, 200.0)
        speech = 1 / (1 + (1 + _SPEECH_RATIO) * np.exp(-ratio * (_SPEECH_RATIO / (1 + _SPEECH_RATIO))))
        self._often = self._slow * self._often + (1 - self._slow) * speech
        # Noise that has risen for good looks like speech for ever; this lets it be learnt.
        speech = np.where(self._often > _STUCK, np.minimum(speech, _STUCK), speech)
        wanted = speech * self.noise + (1 - speech) * power
        self.noise = np.maximum(self._kept * self.noise + (1 - self._kept) * wanted, LEAST_POWER)
        return self.noise


def first_noise(powers: Real) -> Real:
    """A guess from a first second or two of powers (frames, bins): what is quiet in each bin is its noise."""
    heard = powers[powers.any(axis=1)]  # digital silence says nothing of the noise that comes with speech
    if not len(heard):
        return np.full(powers.shape[1], LEAST_POWER)
    return np.asarray(np.maximum(np.percentile(heard, _QUANTILE, axis=0) / _OF_MEAN, LEAST_POWER))
