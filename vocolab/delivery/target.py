"""What a finished file has to meet, and whether it does."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from vocolab.options import Options, options_of

if TYPE_CHECKING:
    from vocolab.loudness import Loudness

Bound = Literal["near", "at most", "at least", "exactly"]

LOUDNESS = "integrated_lufs"
"""The requirement that `--allow-miss` lets a file miss, and that an album meets as a whole."""

_OF_THE_LOUDNESS = ("integrated_lufs", "tolerance_lu", "mono_integrated_lufs")


_Lufs = Annotated[float | None, Field(ge=-70, le=0)]
_Peak = Annotated[float | None, Field(ge=-60, le=0)]
_Rms = Annotated[float | None, Field(ge=-100, le=0)]


@dataclass(frozen=True)
class Target:
    """Loudness, peaks and levels that are promised. None: nothing is promised."""

    integrated_lufs: Annotated[_Lufs, Field(description="Integrated loudness, ITU-R BS.1770.")] = None
    tolerance_lu: Annotated[
        float, Field(ge=0, le=10, description="How far off the integrated loudness may be; EBU R 128 allows 0.2.")
    ] = 0.2
    true_peak_dbtp: Annotated[_Peak, Field(description="The ceiling.")] = None
    mono_integrated_lufs: Annotated[_Lufs, Field(description="For mono files, if it is another.")] = None
    short_term_max_lufs: Annotated[_Lufs, Field(description="Most of the loudest 3 s.")] = None
    loudness_range_lu: Annotated[
        float | None, Field(ge=0, le=50, description="Widest loudness range, EBU Tech 3342.")
    ] = None
    sample_peak_dbfs: Annotated[_Peak, Field(description="The highest sample there may be.")] = None
    rms_min_dbfs: Annotated[_Rms, Field(description="Least RMS over the whole file.")] = None
    rms_max_dbfs: Annotated[_Rms, Field(description="Greatest RMS over the whole file.")] = None
    noise_floor_dbfs: Annotated[
        float | None, Field(ge=-200, le=0, description="Highest noise floor there may be.")
    ] = None
    sample_rate_hz: Annotated[
        int | None, Field(ge=8000, le=384_000, description="The only sample rate that is taken.")
    ] = None

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
        return "near" if self.requirement == LOUDNESS else _BOUNDS[self.requirement].bound

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
        report.append(Requirement(LOUDNESS, wanted, got, passed))
    for name, bound in _BOUNDS.items():
        limit = getattr(target, name)
        if limit is not None:
            got = getattr(loudness, bound.reading)
            report.append(Requirement(name, limit, got, None if got is None else _is_within(got, limit, bound.bound)))
    return report


def missed(requirements: Iterable[Requirement], allowed: Collection[str] = ()) -> list[Requirement]:
    """Those that do not hold, but for the ones that were allowed to be missed.

    This is what "met" means everywhere: a file meets its target where nothing is missed.

    Args:
        requirements: What `check` found.
        allowed: Names of requirements, such as `LOUDNESS`.
    """
    return [line for line in requirements if not (line.holds or line.requirement in allowed)]


class _Ordered(Options):
    """What fields of a target have to be to each other."""

    @field_validator("rms_max_dbfs", check_fields=False)
    @classmethod
    def _over_the_least(cls, rms_max_dbfs: float | None, info: ValidationInfo) -> float | None:
        least = info.data.get("rms_min_dbfs")
        if least is not None and rms_max_dbfs is not None and rms_max_dbfs < least:
            raise PydanticCustomError("rms", f"no RMS is between rms_min_dbfs = {least:g} and this")
        return rms_max_dbfs


TargetTable: type[Options] = options_of(Target, base=_Ordered)
"""The same fields as options, which are checked: `[target]` of a preset."""


def _is_within(got: float, limit: float, bound: Bound) -> bool:
    return {"at most": got <= limit, "at least": got >= limit}.get(bound, got == limit)
