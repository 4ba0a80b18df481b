"""Which gain brings a chain's output to a loudness: the next one to try, from what the earlier ones gave."""

from __future__ import annotations

from dataclasses import dataclass

NEAR_ENOUGH_LU = 0.05
_MOST_PASSES = 12
# Loudness gained for each dB of gain: no step trusts less than the first, under the second the most gain is tried next.
_LEAST_SLOPE = 0.2
_SATURATED_SLOPE = 0.1
# A step inside an enclosure keeps this share of it on either side, so that it shrinks whatever the curve.
_MARGIN_OF_ENCLOSURE = 0.1
_NO_STEP_DB = 1e-3


@dataclass(frozen=True)
class Pass:
    """One try: the gain, and the loudness that came out."""

    gain_db: float
    lufs: float


class GainSearch:
    """Secant steps while the loudness follows the gain; false position once the target is enclosed. At most 12 passes.

    It ends when a pass is within 0.05 LU, or when all the gain of `max_gain_db` does not reach the target. So what it
    calls the nearest is the loudest that the chain can be, and not where it lost patience.
    """

    def __init__(self, target_lufs: float, source_lufs: float, max_gain_db: float) -> None:
        self.target_lufs = target_lufs
        self._max_gain_db = max_gain_db
        self._first_gain_db = min(target_lufs - source_lufs, max_gain_db)
        self.passes: list[Pass] = []

    @property
    def nearest(self) -> Pass:
        """The pass that came nearest."""
        return min(self.passes, key=self._distance)

    @property
    def is_reached(self) -> bool:
        """Whether a pass is near enough."""
        return bool(self.passes) and self._distance(self.nearest) <= NEAR_ENOUGH_LU

    @property
    def is_at_most_gain(self) -> bool:
        """Whether the last pass had all the gain there may be."""
        return self.passes[-1].gain_db >= self._max_gain_db

    def add(self, gain_db: float, lufs: float) -> bool:
        """Note a pass; whether it is the nearest so far."""
        self.passes.append(Pass(gain_db, lufs))
        return self.nearest is self.passes[-1]

    def next_gain_db(self) -> float | None:
        """The gain to try, or None where another pass is of no use."""
        if not self.passes:
            return self._first_gain_db
        if self.is_reached or len(self.passes) >= _MOST_PASSES:
            return None
        under = max((done for done in self.passes if done.lufs < self.target_lufs), key=_gain, default=None)
        over = min((done for done in self.passes if done.lufs > self.target_lufs), key=_gain, default=None)
        gain_db = self._inside(under, over) if under and over else self._onward()
        if gain_db is None or any(abs(gain_db - done.gain_db) < _NO_STEP_DB for done in self.passes):
            return None
        return gain_db

    def _inside(self, under: Pass, over: Pass) -> float:
        share = (self.target_lufs - under.lufs) / (over.lufs - under.lufs)
        share = min(max(share, _MARGIN_OF_ENCLOSURE), 1 - _MARGIN_OF_ENCLOSURE)
        return under.gain_db + share * (over.gain_db - under.gain_db)

    def _onward(self) -> float:
        last = self.passes[-1]
        slope = 1.0
        if len(self.passes) > 1:
            before = self.passes[-2]
            slope = (last.lufs - before.lufs) / (last.gain_db - before.gain_db)
            if slope < _SATURATED_SLOPE:
                # Very dynamic material hardly gets louder for a while and then does; nothing tells but to try.
                return self._max_gain_db
        step = (self.target_lufs - last.lufs) / min(max(slope, _LEAST_SLOPE), 1.0)
        return min(last.gain_db + step, self._max_gain_db)

    def _distance(self, done: Pass) -> float:
        return abs(done.lufs - self.target_lufs)


def _gain(done: Pass) -> float:
    return done.gain_db
