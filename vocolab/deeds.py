"""What an effect did to a signal: in words, in figures, and where; or that there was nothing to do, and why.

    processor, or signal, of an effect ── deeds ──> kept with the signal, as its layout is ──> the report of its file

A signal holds the deeds of all effects that it has been through. They are complete once it has been walked through,
since most effects work while that happens.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

Figure: TypeAlias = float | int | str | None
"""A value of a deed; None where it is not defined, never NaN or infinity."""

_FIGURE = re.compile(r"[a-z][a-z0-9_]*")
_LONGEST_SENTENCE = 500


@dataclass(frozen=True)
class Span:
    """A stretch of what an effect was given, and how it was changed."""

    start_s: float
    end_s: float
    change_db: float | None = None
    """The level after over the level before, of that which the deed is about; None where that is not a level."""

    def __post_init__(self) -> None:
        if not 0 <= self.start_s <= self.end_s < math.inf:
            raise ValueError(f"a span from {self.start_s} s to {self.end_s} s")
        if self.change_db is not None and not math.isfinite(self.change_db):
            raise ValueError(f"a span that is changed by {self.change_db} dB")


@dataclass(frozen=True, kw_only=True)
class Deed:
    """One thing that an effect did, or found no reason to do. What it states was measured, from output and input."""

    sentence: str
    """For people, without a full stop: "3 thumps turned down by 23.8 dB under 100 Hz"."""
    figures: Mapping[str, Figure] = field(default_factory=dict)
    """By name, with the unit at its end: {"thumps": 3, "change_db": -23.8}."""
    spans: tuple[Span, ...] = ()
    """Where, in order; the first ones where there are very many."""
    n_spans: int = 0
    """How many there are, with those that are left out of `spans`."""
    is_idle: bool = False
    """Whether nothing was changed: no sample is another one."""
    effect: str = ""
    """Whose deed it is. The core fills it in."""

    def __post_init__(self) -> None:
        if not self.sentence or not self.sentence.isprintable() or self.sentence.endswith("."):
            raise ValueError("the sentence of a deed has to be one line without a full stop at its end")
        if len(self.sentence) > _LONGEST_SENTENCE:
            raise ValueError(f"the sentence of a deed has {len(self.sentence)} characters; {_LONGEST_SENTENCE} at most")
        for name, value in self.figures.items():
            if not _FIGURE.fullmatch(name):
                raise ValueError(f"{name!r} is no name of a figure: lower case letters and underscores")
            if isinstance(value, float) and not math.isfinite(value):
                raise ValueError(f"the figure {name} is {value!r}; None says that it is not defined")
        object.__setattr__(self, "n_spans", max(self.n_spans, len(self.spans)))

    def facts(self) -> dict[str, Any]:
        """The same in types that JSON knows."""
        return {
            "effect": self.effect,
            "idle": self.is_idle,
            "sentence": self.sentence,
            "figures": dict(self.figures),
            "spans": [vars(span) for span in self.spans],
            "n_spans": self.n_spans,
        }


def deeds_of(signal: object) -> tuple[Deed, ...]:
    """What effects did to a signal, in order; complete once it has been walked through."""
    return tuple(getattr(signal, "deeds", ()))


def named(deeds: Iterable[Deed], effect: str) -> tuple[Deed, ...]:
    """Deeds of an effect, with its name where none stands."""
    return tuple(deed if deed.effect else replace(deed, effect=effect) for deed in deeds)
