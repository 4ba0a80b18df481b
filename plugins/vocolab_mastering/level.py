"""Level: one gain for the whole, so that dynamics and peaks stay to each other as they were.

It brings a signal to a loudness, or where none is set its true peak to the ceiling (peak normalisation). Where a
loudness would put the peak over the ceiling, it stays quieter: it never limits.
"""

from __future__ import annotations

from collections.abc import Callable

from vocolab.audio import Audio
from vocolab.delivery.target import Target
from vocolab.effects import is_idle
from vocolab.loudness import measure
from vocolab.signals import Signal
from vocolab_mastering.gained import Gained, linear
from vocolab_mastering.options import LOWEST_CEILING_DBTP, LevelOptions

_ROUNDING_DB = 0.01
"""Kept under the ceiling, for what the writer's dither and rounding add."""


class Level:
    """Integrated loudness of `target_lufs` where the ceiling allows that, else the true peak at `ceiling_dbtp`.

    Of an album, both are those of all signals together, which get the same gain. What has no peak or no loudness
    (silence; less than 400 ms, where a loudness is wanted) is passed on as it is, turned down where it is over the
    ceiling. What comes after it is not looked at.
    """

    name = "level"
    settles = True
    """A loudness that the ceiling does not allow is not reached, and that is meant."""

    def __init__(self, options: LevelOptions) -> None:
        self.options = options

    def __call__(self, audio: Audio) -> Audio:
        """The audio at its level."""
        return Audio.of(self.aim(audio, rest=Audio.of))

    @property
    def target(self) -> Target:
        """Where it aims, and the ceiling, unless it is blended with its input."""
        if is_idle(self) or self.options.mix < 1:
            return Target()
        return Target(integrated_lufs=self.options.target_lufs, true_peak_dbtp=self.options.ceiling_dbtp)

    def settling(self) -> Level:
        """The same: it always takes the nearest."""
        return self

    def with_headroom(self, headroom_db: float) -> Level:
        """The same with its ceiling `headroom_db` lower: what follows, such as a codec, adds that much."""
        ceiling_dbtp = max(self.options.ceiling_dbtp - headroom_db, LOWEST_CEILING_DBTP)
        return Level(self.options.model_copy(update={"ceiling_dbtp": ceiling_dbtp}))

    def with_offset(self, offset_lu: float) -> Level:
        """The same, aiming `offset_lu` higher."""
        if self.options.target_lufs is None:
            return self
        return Level(self.options.model_copy(update={"target_lufs": self.options.target_lufs + offset_lu}))

    def aim(self, signal: Signal, rest: Callable[[Signal], Signal]) -> Signal:
        """What `rest` makes of the signal at its level."""
        gain_db = 0.0 if is_idle(self) else self._gain_db(signal)
        return rest(signal if gain_db == 0.0 else Gained(signal, 1 + self.options.mix * (linear(gain_db) - 1)))

    def _gain_db(self, signal: Signal) -> float:
        read = measure(signal)
        if read.true_peak_dbtp is None:
            return 0.0
        room_db = self.options.ceiling_dbtp - _ROUNDING_DB - read.true_peak_dbtp
        if self.options.target_lufs is None:
            return min(room_db, self.options.max_gain_db)
        if read.integrated_lufs is None:
            return min(room_db, 0.0)
        return min(self.options.target_lufs - read.integrated_lufs, self.options.max_gain_db, room_db)
