"""How far each bin is turned down: the optimally modified log-spectral amplitude estimator.

Y. Ephraim, D. Malah, IEEE TASSP 33(2), 1985: the gain that is best for the logarithm of the amplitude, where speech is
there. I. Cohen, B. Berdugo, "Speech enhancement for non-stationary noise environments", Signal Processing 81, 2001
(OM-LSA): that gain to the power of the probability of speech, and a floor to the power of the rest. The ratio of
speech to noise before the frame is seen is decision-directed. A peak that nothing around it supports is no speech.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import exp1

from vocolab_restoration.noise_tracking import NoiseTracker, Real
from vocolab_restoration.speech_support import SpeechSupport

_MEMORY = 0.95
_STEP_S = 0.008
"""The hop at which that holds."""
_LEAST_RATIO = 10 ** (-22 / 10)
_ABSENT = 0.3
"""How likely it is, before a frame is seen, that nobody speaks."""
_MOST = 1e4


class Suppressor:
    """Gains for one stream, from the first frame on, `lag` frames late: the first `lag` are of no use.

    Args:
        noise: What tells the noise.
        reduction_db: How far what is no speech is turned down.
        hop_s: From frame to frame.
        follows: Whether the noise is tracked, or stays as it is.
    """

    lag = SpeechSupport.lag

    def __init__(self, noise: NoiseTracker, reduction_db: float, hop_s: float, *, follows: bool = True) -> None:
        self._tracker, self._follows = noise, follows
        self._log_floor = -reduction_db / 20 * np.log(10)
        self._memory = _MEMORY ** (hop_s / _STEP_S)
        self._speech: Real | None = None
        bins = len(noise.noise)
        self._support = SpeechSupport(bins)
        self._early = self.lag
        self._waiting = np.ones((2, self.lag, bins))
        """Powers and noise of the frames whose support is not known yet."""

    def gains(self, powers: Real) -> NDArray[np.float32]:
        """(frames, bins) of linear gains, late, for the next frames of powers (frames, bins)."""
        if not len(powers):
            return np.ones(powers.shape, np.float32)
        noises = np.stack([self._tracker.update(power) if self._follows else self._tracker.noise for power in powers])
        support = self._support.add(powers / noises)
        waiting = np.concatenate([self._waiting, np.stack([powers, noises])], axis=1)
        self._waiting = waiting[:, len(powers) :]
        log_gains = np.zeros(powers.shape)
        skipped = min(self._early, len(powers))
        self._early -= skipped
        for frame in range(skipped, len(powers)):
            log_gains[frame] = self._log_gain(*waiting[:, frame], support[frame])
        # The first and the last bin have no imaginary part, and their powers spread as no other's.
        log_gains[:, 0] = log_gains[:, :3].min(axis=1)
        log_gains[:, -1] = log_gains[:, -3:].min(axis=1)
        return np.exp(log_gains).astype(np.float32)

    def _log_gain(self, power: Real, noise: Real, support: Real) -> Real:
        after = np.minimum(power / noise, _MOST)
        over = np.maximum(after - 1, 0)
        before = over if self._speech is None else self._memory * (self._speech / noise) + (1 - self._memory) * over
        before = np.maximum(before, _LEAST_RATIO)
        wiener = before / (1 + before)
        seen = np.clip(wiener * after, 1e-6, 50)
        log_gain = np.minimum(np.log(wiener) + 0.5 * exp1(seen), 0)
        self._speech = np.exp(2 * log_gain) * power
        present = support / (1 + _ABSENT / (1 - _ABSENT) * (1 + before) * np.exp(-seen))
        # A gain under the floor would be a hole in the noise that is left, which is heard as music.
        return np.asarray(np.maximum(present * log_gain + (1 - present) * self._log_floor, self._log_floor))
