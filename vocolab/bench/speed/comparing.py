"""What moved between two results: ratios within one run, to the reference where there is one, else to the yardstick.

Machines differ from day to day, and from minute to minute where others work on them: seconds alone say little.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from vocolab.bench.speed.results import EffectRow, SpeedResults, SpeedRow
from vocolab.errors import InputError
from vocolab.given_files import MOST_RESULT_BYTES, read_given_text

_NOISE = 0.05
"""What two runs of the same code differ by, at most, where quartiles say less."""


@dataclass(frozen=True)
class Move:
    """A row that is faster or slower than it was, beyond what the turns of either run differ by."""

    label: str
    before: float
    after: float
    """Times the reference, the yardstick, or real time: more is faster."""
    clear: bool
    """Whether it is beyond noise."""

    @property
    def change(self) -> float:
        """0.1 is a tenth faster, -0.1 a tenth slower."""
        return self.after / self.before - 1

    def told(self) -> str:
        """A line for people."""
        word = ("faster" if self.change > 0 else "slower") if self.clear else "within noise"
        return f"{self.label}: {self.before:.3g} -> {self.after:.3g} ({self.change:+.1%}, {word})"


def read_results(path: Path) -> SpeedResults:
    """What `--json` or `-o FILE.json` wrote.

    Raises:
        InputError: if it can't be read, or is none.
    """
    try:
        return SpeedResults.from_dict(json.loads(read_given_text(path, MOST_RESULT_BYTES)))
    except OSError as error:
        raise InputError(f"can't be read: {error.strerror or error}", about=path) from error
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as error:
        raise InputError("is no result of 'vocolab bench speed' or 'bench effects' as JSON", about=path) from error


def moves(old: SpeedResults, new: SpeedResults) -> list[Move]:
    """The rows that both have, in the order of the new one."""
    before = {row.key: row for row in _all(old)}
    pairs = [(before[row.key], row) for row in _all(new) if row.key in before]
    return [found for was, row in pairs if (found := _move(was, row)) is not None]


def not_compared(old: SpeedResults, new: SpeedResults) -> list[str]:
    """The rows of the new result that the old one has no figure for; the reference is what others are held against."""
    compared = {move.label for move in moves(old, new)}
    return [label for row in _all(new) if (label := _label(row)) not in compared and not _is_reference(row)]


def _all(results: SpeedResults) -> list[SpeedRow | EffectRow]:
    return [*results.rows, *results.effects]


def slower(found: list[Move], threshold: float) -> list[Move]:
    """Those that are clearly slower by more than the threshold: 0.1 for a tenth."""
    return [move for move in found if move.clear and move.change < -threshold]


def _move(was: SpeedRow | EffectRow, row: SpeedRow | EffectRow) -> Move | None:
    old, new = _values(was), _values(row)
    kind = next((kind for kind in old if kind in new), None)
    if kind is None or _is_reference(row):
        return None
    (before, *old_range), (after, *new_range) = old[kind], new[kind]
    noise = max(_NOISE, _spread(before, old_range) + _spread(after, new_range))
    return Move(_label(row), before, after, abs(after / before - 1) > noise)


def _values(row: SpeedRow | EffectRow) -> dict[str, tuple[float, float, float]]:
    """How fast, with quartiles, by what it is held against; the best of them first."""
    found = {}
    if isinstance(row, SpeedRow) and row.times_reference is not None and row.quartiles is not None:
        found["reference"] = (row.times_reference, *row.quartiles)
    if row.times_yardstick is not None and row.yardstick_quartiles is not None:
        found["yardstick"] = (row.times_yardstick, *row.yardstick_quartiles)
    if isinstance(row, EffectRow):
        found["real time"] = (row.times_real_time, *row.quartiles)
    return found


def _is_reference(row: SpeedRow | EffectRow) -> bool:
    return isinstance(row, SpeedRow) and row.engine == "reference"


def _spread(value: float, quartiles: list[float]) -> float:
    return (max(quartiles) - min(quartiles)) / value


def _label(row: SpeedRow | EffectRow) -> str:
    if isinstance(row, EffectRow):
        return f"{row.kind} {row.name}"
    return f"{row.voice}, {row.engine} {row.precision}, {row.seconds:g} s, {row.threads} thread(s)"
