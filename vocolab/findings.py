"""What is found in a recording: in words, in figures, where, and what would help."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Figure: TypeAlias = float | int | bool | str | tuple[float, ...] | None
"""A value of a finding; None where it is not defined, never NaN or infinity."""

_FAULT = re.compile(r"[a-z][a-z0-9-]*")
_FIGURE = re.compile(r"[a-z][a-z0-9_]*")
_LONGEST_TEXT = 500


@dataclass(frozen=True)
class Mark:
    """Where in a recording something is: a stretch of time, and of frequency where it has one."""

    start_s: float
    end_s: float
    low_hz: float | None = None
    high_hz: float | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.start_s <= self.end_s < math.inf:
            raise ValueError(f"a mark from {self.start_s} s to {self.end_s} s")


@dataclass(frozen=True)
class Remedy:
    """An effect that would help, with the settings that it would need."""

    effect: str
    """Its name, as in a preset."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Options by name; what is left out stays at its default."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that a detector heard, whether it is a fault or not: figures are of use for a clean recording too."""

    fault: str
    """What it is about, as programs call it: "hum". Lower case letters, digits and hyphens."""
    is_fault: bool
    """Whether it is to be repaired."""
    sentence: str
    """For people, in the words of a sound engineer, without a full stop: "hum at 50.0 Hz, 25 dB under the speech"."""
    figures: Mapping[str, Figure] = field(default_factory=dict)
    """By name, with the unit at its end: {"frequency_hz": 50.0, "under_speech_db": 25.2}."""
    marks: tuple[Mark, ...] = ()
    """Where it is; none where it is everywhere."""
    remedies: tuple[Remedy, ...] = ()
    """What would help, of which any may not be installed; in the order in which a chain has them."""
    advice: str = ""
    """What to do where no effect helps, in a line without a full stop at its end."""

    def __post_init__(self) -> None:
        if not _FAULT.fullmatch(self.fault):
            raise ValueError(f"{self.fault!r} is no name of a fault: lower case letters, digits and hyphens")
        for text in filter(None, (self.sentence or ".", self.advice)):
            if not text.isprintable() or text.endswith("."):
                raise ValueError(f"{self.fault}: {text[:60]!r} has to be one line without a full stop at its end")
            if len(text) > _LONGEST_TEXT:
                raise ValueError(f"{self.fault}: {text[:60]!r} has {len(text)} characters; {_LONGEST_TEXT} at most")
        for name, value in self.figures.items():
            if not _FIGURE.fullmatch(name):
                raise ValueError(f"{self.fault}: {name!r} is no name of a figure: lower case letters and underscores")
            if not _is_figure(value):
                raise ValueError(f"{self.fault}: the figure {name} is {value!r}; give a finite number, a text, a tuple "
                                 "of numbers, or None where it is not defined")


def _is_figure(value: object) -> bool:
    if isinstance(value, tuple):
        return all(isinstance(one, int | float) and math.isfinite(one) for one in value)
    if isinstance(value, float):
        return math.isfinite(value)
    return value is None or isinstance(value, int | str)
