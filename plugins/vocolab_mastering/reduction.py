"""How much a compressor turns down: the curve for steady levels, and its way in time.

D. Giannoulis, M. Massberg, J. D. Reiss, "Digital Dynamic Range Compressor Design - A Tutorial and Analysis", JAES
60(6), 2012: feed-forward, in decibels, with a quadratic knee (eq. 4) and the smooth decoupled peak detector (eq. 17)
on the gain reduction.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vocolab_mastering.ballistics import Curve, Decay, OnePole, decay_factor


@dataclass(frozen=True)
class Bend:
    """The static curve: straight, then bent over `knee_db` around the threshold, then 1 / `ratio` steep."""

    threshold_db: float
    ratio: float
    knee_db: float

    def reduction_db(self, level_db: Curve) -> Curve:
        """Steady gain reduction, 0 dB or more, for a steady level in dBFS."""
        over = level_db - self.threshold_db
        slope = 1 - 1 / self.ratio
        if self.knee_db == 0:
            return np.asarray(slope * np.maximum(over, 0))
        # From 0 at the knee's lower end to the full slope at its upper end.
        in_knee = np.clip(over + self.knee_db / 2, 0, self.knee_db)
        return np.asarray(slope * (in_knee**2 / (2 * self.knee_db) + np.maximum(over - self.knee_db / 2, 0)))


class Reducer:
    """Gain reduction of a stream of levels: down with the attack, back with the release and then the attack."""

    def __init__(self, bend: Bend, attack_ms: float, release_ms: float, rate_hz: float) -> None:
        self._bend = bend
        self._lowest = 10 ** ((bend.threshold_db - bend.knee_db / 2) / 20)
        self._release = Decay(decay_factor(release_ms, rate_hz))
        self._attack = OnePole(decay_factor(attack_ms, rate_hz))

    def process(self, level: Curve) -> Curve:
        """Reduction in dB (n,) for the next linear levels (n,), which come at `rate_hz`."""
        wanted = np.zeros(len(level))
        loud = level > self._lowest
        wanted[loud] = self._bend.reduction_db(20 * np.log10(level[loud], dtype=np.float64))
        return self._attack.process(self._release.process(wanted))
