"""What a finished file has to meet, and whether it does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from vocolab.loudness import Loudness


@dataclass(frozen=True)
class Target:
    """Loudness and peak that a chain promises. None: nothing is promised."""

    integrated_lufs: float | None = None
    tolerance_lu: float = 0.2
    """How far off the integrated loudness may be; EBU R 128 (2020) allows 0.2 LU."""
    true_peak_dbtp: float | None = None
    """The ceiling."""
    mono_integrated_lufs: float | None = None
    """What a mono file has to have instead of `integrated_lufs`; None: the same."""

    def __or__(self, other: Target) -> Target:
        """Both targets, `other`'s where both state something; a stated loudness goes with its tolerance."""
        louder = other if other.integrated_lufs is not None else self
        peak = self.true_peak_dbtp if other.true_peak_dbtp is None else other.true_peak_dbtp
        return Target(louder.integrated_lufs, louder.tolerance_lu, peak, louder.mono_integrated_lufs)


class Requirement(NamedTuple):
    """One line of the report."""

    requirement: str
    """`integrated_lufs` or `true_peak_dbtp`."""
    wanted: float
    got: float | None
    """None where the file has no such value: silence, or less than 400 ms."""
    passed: bool | None
    """None where there was nothing to measure."""


def check(target: Target, loudness: Loudness) -> list[Requirement]:
    """Each requirement of `target` with what was wanted and what was measured."""
    report = []
    wanted = target.integrated_lufs
    if loudness.channels == 1 and target.mono_integrated_lufs is not None:
        wanted = target.mono_integrated_lufs
    if wanted is not None:
        got = loudness.integrated_lufs
        passed = None if got is None else abs(got - wanted) <= target.tolerance_lu
        report.append(Requirement("integrated_lufs", wanted, got, passed))
    if target.true_peak_dbtp is not None:
        got = loudness.true_peak_dbtp
        passed = None if got is None else got <= target.true_peak_dbtp
        report.append(Requirement("true_peak_dbtp", target.true_peak_dbtp, got, passed))
    return report
