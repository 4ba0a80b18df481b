"""By how much to aim lower or higher so that what a codec makes of a signal is what was promised.

A codec changes the waveform, so its decoder's peaks are higher than what was encoded. At low bitrates it also takes
some of the loudness.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from vocolab.delivery.delivered import Delivery
from vocolab.delivery.processing import Processing
from vocolab.errors import MissedTarget
from vocolab.files.reader import open_audio
from vocolab.loudness import measure
from vocolab.signals import Joined, Signal

MOST_ROUNDS = 4
_MARGINS_DB = (0.1, 0.3, 1.0)
"""Lowered by so much more than the excess, round by round: a codec's peaks are others each time."""


@dataclass(frozen=True)
class Correction:
    """How much lower the ceiling is to be, and how much higher the aim."""

    headroom_db: float = 0.0
    offset_lu: float = 0.0

    def run(
        self, work: Callable[[Processing], Sequence[Signal]], process: Processing
    ) -> Sequence[Signal]:
        """What `work` makes with the process, corrected as far as that can be.

        Raises:
            MissedTarget: if an effect can't reach what it was told to; it says what the codec's part in that is.
        """
        lower = process.lowered(self.headroom_db) if self.headroom_db else None
        louder = (lower or process).louder(self.offset_lu) if self.offset_lu else None
        try:
            return work(louder or lower or process)
        except MissedTarget as error:
            if self == Correction():
                raise
            made_up = f"{self.headroom_db:.2f} dB of peak and {self.offset_lu:+.2f} LU"
            raise error.extended(f" (what the codec changes had to be made up for: {made_up})") from error

    def after(
        self, process: Processing, made: Sequence[Delivery], places: Sequence[Path], round_number: int
    ) -> Correction:
        """What to do after round `round_number`; the same, if all holds or nothing can be done."""
        if round_number == MOST_ROUNDS:
            return self
        excess_db, missing_lu = _excess_db(process, made), _missing_lu(process, made, places)
        headroom_db, offset_lu = self.headroom_db, self.offset_lu
        if excess_db > 0 and process.lowered(excess_db) is not None:
            headroom_db += excess_db + _MARGINS_DB[round_number - 1]
        if abs(missing_lu) > process.target.tolerance_lu / 2 and process.louder(missing_lu) is not None:
            offset_lu += missing_lu
        return Correction(headroom_db, offset_lu)


def _excess_db(process: Processing, made: Sequence[Delivery]) -> float:
    """How far the true peak of the worst decoded file is over the ceiling."""
    ceiling = process.target.true_peak_dbtp
    peaks = [one.loudness.true_peak_dbtp for one in made if one.is_decoded and one.loudness is not None]
    if ceiling is None:
        return 0.0
    return max((peak - ceiling for peak in peaks if peak is not None), default=0.0)


def _missing_lu(process: Processing, made: Sequence[Delivery], places: Sequence[Path]) -> float:
    """How much louder the decoded files, one after the other, would have to be."""
    if process.settles or not all(one.is_decoded for one in made):
        return 0.0
    wanted = process.target.loudness_for(made[0].written.channels)
    got = made[0].loudness if len(made) == 1 else measure(Joined([open_audio(path) for path in places]))
    if wanted is None or got is None or got.integrated_lufs is None:
        return 0.0
    return wanted - got.integrated_lufs
