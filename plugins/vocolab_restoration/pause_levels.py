"""The level of the pauses of a recording before and after an effect: what a listener hears of noise, hum and rooms.

Moments of 50 ms are sorted by their level before, in steps of a tenth of a decibel, so that a recording of any length
is told in the same memory.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vocolab.effects import Block

MOMENT_S = 0.05
SHARE = 0.1
"""The quietest tenth of the moments that are not silent: pauses, between words if not between sentences."""
_STEP_DB = 0.1
_LOWEST_DBFS, _HIGHEST_DBFS = -140.0, 20.0


class PauseLevels:
    """Takes what an effect was given, and what it made of that.

    Args:
        sample_rate: In Hz.
    """

    def __init__(self, sample_rate: int) -> None:
        self._moment = max(1, round(MOMENT_S * sample_rate))
        n_steps = round((_HIGHEST_DBFS - _LOWEST_DBFS) / _STEP_DB) + 1
        self._counts = np.zeros(n_steps, np.int64)
        self._powers = np.zeros((2, n_steps))
        self._waiting = np.zeros((2, 0))
        self._sample_rate, self._n_samples = sample_rate, 0

    def add(self, given: Block, made: Block) -> None:
        """The next (channels, n) of both."""
        self._n_samples += given.shape[1]
        now = np.stack([np.square(block, dtype=np.float64).mean(axis=0) for block in (given, made)])
        joined = np.concatenate([self._waiting, now], axis=1)
        n_moments = joined.shape[1] // self._moment
        self._waiting = joined[:, n_moments * self._moment :].copy()
        moments = joined[:, : n_moments * self._moment].reshape(2, n_moments, self._moment).mean(axis=2)
        levels_dbfs = 10 * np.log10(moments[0] + 1e-30)
        places = np.clip(np.round((levels_dbfs - _LOWEST_DBFS) / _STEP_DB), 0, len(self._counts) - 1).astype(int)
        np.add.at(self._counts, places, 1)
        for powers, moment in zip(self._powers, moments, strict=True):
            np.add.at(powers, places, moment)

    @property
    def seconds(self) -> float:
        """How long it has been."""
        return self._n_samples / self._sample_rate

    @property
    def dbfs(self) -> tuple[float, float] | None:
        """The mean level of the pauses before and after, at least -140 dBFS; None where there is no moment of sound."""
        counts = self._counts.copy()
        counts[0] = 0
        total = counts.sum()
        if not total:
            return None
        last = int(np.searchsorted(np.cumsum(counts), max(1, SHARE * total)))
        quiet = slice(1, last + 1)
        powers: NDArray[np.float64] = self._powers[:, quiet].sum(axis=1) / counts[quiet].sum()
        before, after = np.maximum(10 * np.log10(powers + 1e-30), _LOWEST_DBFS)
        return float(before), float(after)

    @property
    def change_db(self) -> float | None:
        """After over before."""
        levels = self.dbfs
        return None if levels is None else levels[1] - levels[0]

    @property
    def text(self) -> str:
        """Both in words."""
        if (levels := self.dbfs) is None:
            return "nothing in it is heard"
        before, after = levels
        return f"pauses from {before:.1f} to {after:.1f} dBFS"

    @property
    def figures(self) -> dict[str, float | None]:
        """Both by name."""
        before, after = self.dbfs or (None, None)
        return {"pauses_before_dbfs": before, "pauses_after_dbfs": after, "change_db": self.change_db}
