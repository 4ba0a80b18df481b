"""A row of a measurement: figures of one subject over all clips, or over those of a group of speakers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from vocolab.bench.bands import centres_hz, level_differences_db, nominal_hz
from vocolab.bench.clip_figures import ClipFigures
from vocolab.bench.tallies import Difference, Interval, difference, tallies

RECORDINGS = "recordings"


@dataclass(frozen=True)
class Row:
    """Figures over the clips."""

    label: str
    figures: dict[str, float]
    """By measure; one that could judge no clip is not in it. "rtf": CPU seconds a second of audio, on one thread."""
    bands_db: dict[float, float] = field(default_factory=dict)
    """Level of the renderings over the recordings by the nominal centre of the third octave, in Hz."""
    parameters: int = 0
    stored_bytes: int = 0
    problems: tuple[str, ...] = ()
    """Clips that a measure could not judge; its mean is over the others."""
    intervals: dict[str, Interval] = field(default_factory=dict)
    """Of 95 %, by measure; empty for fewer than five clips."""
    measured: tuple[ClipFigures, ...] = ()
    """What the row is made of, clip by clip."""

    @property
    def worst_band(self) -> tuple[float, float] | None:
        """The third octave that is furthest off: its nominal centre in Hz, and by how many dB."""
        if not self.bands_db:
            return None
        hz = max(self.bands_db, key=lambda centre: abs(self.bands_db[centre]))
        return hz, self.bands_db[hz]

    def of(self, names: Collection[str]) -> Row:
        """The row over the clips of these names only."""
        return _filled(self, [clip for clip in self.measured if clip.name in names])

    def less(self, other: Row) -> dict[str, Difference]:
        """This row's figures less another's, where both judged the same clips."""
        if [clip.name for clip in self.measured] != [clip.name for clip in other.measured]:
            return {}
        own, others = tallies(self.measured), tallies(other.measured)
        return {name: difference(own[name], others[name]) for name in own
                if name in others and own[name].is_over_the_clips_of(others[name])}


def make_row(label: str, measured: Sequence[ClipFigures], parameters: int = 0, stored_bytes: int = 0) -> Row:
    """The row of what was measured of a subject's clips."""
    return _filled(Row(label, {}, parameters=parameters, stored_bytes=stored_bytes), measured)


def _filled(row: Row, measured: Sequence[ClipFigures]) -> Row:
    """`row` with all that depends on the clips."""
    found = tallies(measured)
    intervals = {name: tally.interval() for name, tally in found.items()}
    return replace(
        row, figures={name: tally.value for name, tally in found.items()}, bands_db=_bands(measured),
        problems=tuple(f"{clip.name}: {problem}" for clip in measured for problem in clip.problems),
        intervals={name: interval for name, interval in intervals.items() if interval is not None},
        measured=tuple(measured),
    )


def _bands(measured: Sequence[ClipFigures]) -> dict[float, float]:
    """Level differences of the powers summed over all clips, so that quiet clips weigh as little as they sound."""
    n_bands = min((len(clip.recorded) for clip in measured), default=0)  # recordings may be at several rates
    if not n_bands:
        return {}
    recorded = np.sum([clip.recorded[:n_bands] for clip in measured], axis=0)
    rendered = np.sum([clip.rendered[:n_bands] for clip in measured], axis=0)
    differences = level_differences_db(recorded, rendered)
    centres = centres_hz(10**6)[:n_bands]
    return {nominal_hz(centre): float(difference) for centre, difference in zip(centres, differences, strict=True)}
