"""What a finished file has to meet, and whether it does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from vocolab.loudness import Loudness

Bound = Literal["near", "at most", "at least", "exactly"]

_OF_THE_LOUDNESS = ("integrated_lufs", "tolerance_lu", "mono_integrated_lufs")


@dataclass(frozen=True)
class Target:
    """Loudness, peaks and levels that a chain promises. None: nothing is promised."""

    integrated_lufs: float | None = None
    tolerance_lu: float = 0.2
    """How far off the integrated loudness may be; EBU R 128 (2020) allows 0.2 LU."""
    true_peak_dbtp: float | None = None
    """The ceiling."""
    mono_integrated_lufs: float | None = None
    """What a mono file has to have instead of `integrated_lufs`; None: the same."""
    short_term_max_lufs: float | None = None
    """How loud the loudest 3 s may be."""
    loudness_range_lu: float | None = None
    """How wide the loudness range may be."""
    sample_peak_dbfs: float | None = None
    """How high the highest sample may be."""
    rms_min_dbfs: float | None = None
    """The least RMS over the whole file."""
    rms_max_dbfs: float | None = None
    """The greatest RMS over the whole file."""
    noise_floor_dbfs: float | None = None
    """How high the noise floor may be."""
    sample_rate_hz: int | None = None
    """The only rate that is taken."""

    def __or__(self, other: Target) -> Target:
        """Both targets, `other`'s where both state something; a stated loudness goes with its tolerance."""
        louder = other if other.integrated_lufs is not None else self
        either = {
            field.name: value if (value := getattr(other, field.name)) is not None else getattr(self, field.name)
            for field in fields(self)
        }
        return Target(**{**either, **{name: getattr(louder, name) for name in _OF_THE_LOUDNESS}})

    @property
    def is_empty(self) -> bool:
        """Whether nothing is demanded."""
        return all(getattr(self, field.name) is None for field in fields(self) if field.name != "tolerance_lu")

    def loudness_for(self, channels: int) -> float | None:
        """The integrated loudness in LUFS that a file of so many channels has to have."""
        if channels == 1 and self.mono_integrated_lufs is not None:
            return self.mono_integrated_lufs
        return self.integrated_lufs


class Requirement(NamedTuple):
    """One line of the report."""

    requirement: str
    """The name of a field of `Target`."""
    wanted: float
    got: float | None
    """None where the file has no such value: silence, or too short."""
    passed: bool | None
    """None where there was nothing to measure."""

    @property
    def bound(self) -> Bound:
        """How `got` has to stand to `wanted`."""
        return "near" if self.requirement == "integrated_lufs" else _BOUNDS[self.requirement].bound

    @property
    def holds(self) -> bool:
        """Whether a file with this reading may be delivered.

        What can't be measured doesn't exceed a ceiling, and is not as loud as was wanted.
        """
        return self.bound == "at most" if self.passed is None else self.passed


class _Bound(NamedTuple):
    reading: str
    bound: Bound


_BOUNDS: dict[str, _Bound] = {
    "short_term_max_lufs": _Bound("short_term_max_lufs", "at most"),
    "loudness_range_lu": _Bound("loudness_range_lu", "at most"),
    "true_peak_dbtp": _Bound("true_peak_dbtp", "at most"),
    "sample_peak_dbfs": _Bound("sample_peak_dbfs", "at most"),
    "rms_min_dbfs": _Bound("rms_dbfs", "at least"),
    "rms_max_dbfs": _Bound("rms_dbfs", "at most"),
    "noise_floor_dbfs": _Bound("noise_floor_dbfs", "at most"),
    "sample_rate_hz": _Bound("sample_rate_hz", "exactly"),
}
"""Which reading of `Loudness` a field of `Target` bounds, in the order of the report."""


def check(target: Target, loudness: Loudness) -> list[Requirement]:
    """Each requirement of `target` with what was wanted and what was measured."""
    report = []
    wanted = target.loudness_for(loudness.channels)
    if wanted is not None:
        got = loudness.integrated_lufs
        passed = None if got is None else abs(got - wanted) <= target.tolerance_lu
        report.append(Requirement("integrated_lufs", wanted, got, passed))
    for name, bound in _BOUNDS.items():
        limit = getattr(target, name)
        if limit is not None:
            got = getattr(loudness, bound.reading)
            report.append(Requirement(name, limit, got, None if got is None else _is_within(got, limit, bound.bound)))
    return report


def all_hold(requirements: Iterable[Requirement]) -> bool:
    """Whether a file with these readings may be delivered."""
    return all(requirement.holds for requirement in requirements)


def _is_within(got: float, limit: float, bound: Bound) -> bool:
    return {"at most": got <= limit, "at least": got >= limit}.get(bound, got == limit)
