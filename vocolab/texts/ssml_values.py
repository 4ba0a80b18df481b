"""The values that SSML's attributes take: durations, rates, pitches, volumes, as numbers with units.

Names and forms are those of W3C's Speech Synthesis Markup Language 1.1; plain numbers as the large speech services
take them too. What a value can't be raises ValueError with what is allowed.
"""

from __future__ import annotations

import math
import re
from typing import cast

from vocolab.texts.document import SILENT_DB, Emphasis

_TIME = re.compile(r"\+?(\d{1,12}(?:\.\d{0,9})?|\.\d{1,9})(ms|s)")
_NUMBER = r"[+-]?(?:\d{1,9}(?:\.\d{0,9})?|\.\d{1,9})"
_WITH_UNIT = re.compile(rf"({_NUMBER})(%|st|dB|Hz)?", re.IGNORECASE)

_RATES = {"x-slow": 0.5, "slow": 0.75, "medium": 1.0, "default": 1.0, "fast": 1.25, "x-fast": 1.75}
_PITCHES = {"x-low": -6.0, "low": -3.0, "medium": 0.0, "default": 0.0, "high": 3.0, "x-high": 6.0}
_RANGES = {"x-low": 0.3, "low": 0.6, "medium": 1.0, "default": 1.0, "high": 1.4, "x-high": 1.8}
_VOLUMES = {"silent": SILENT_DB, "x-soft": -12.0, "soft": -6.0, "medium": 0.0, "default": 0.0, "loud": 6.0,
            "x-loud": 12.0}  # fmt: skip
_STRENGTHS_MS = {"none": 0, "x-weak": 100, "weak": 200, "medium": 400, "strong": 700, "x-strong": 1200}

SAY_AS_KINDS = frozenset(
    {"address", "cardinal", "characters", "currency", "date", "digits", "duration", "expletive", "fraction",
     "interjection", "letters", "measure", "money", "name", "net", "number", "ordinal", "spell", "spell-out",
     "telephone", "time", "unit", "verbatim", "year"}
)  # fmt: skip
"""What say-as is asked for in practice; a language reads those it knows."""

RATES = (0.25, 4.0)
PITCHES_SEMITONES = (-24.0, 24.0)
RANGES = (0.0, 4.0)
VOLUMES_DB = (SILENT_DB, 24.0)


def pause_ms(time: str | None, strength: str | None) -> int:
    """A break's milliseconds: `time` counts before `strength`; without either it is a medium one."""
    if time is not None:
        match = _TIME.fullmatch(time.strip())
        if not match:
            raise ValueError("give milliseconds or seconds, as in 500ms or 1.5s")
        return round(float(match[1]) * (1 if match[2] == "ms" else 1000))
    if strength is None:
        return _STRENGTHS_MS["medium"]
    return int(_named(strength, _STRENGTHS_MS))


def rate(text: str) -> float:
    """A multiple of the voice's rate: "fast", "120%", "1.2", "+20%"."""
    if text in _RATES:
        return _RATES[text]
    number, unit, signed = _parts(text, _RATES, "a multiple such as 1.2, or a percentage")
    if unit == "%":
        return _held(1 + number / 100 if signed else number / 100, RATES)
    if unit:
        raise ValueError("a rate is a multiple such as 1.2, or a percentage")
    return _held(number, RATES)


def pitch_semitones(text: str) -> float:
    """Semitones against the voice's pitch: "high", "+2st", "-10%"."""
    if text in _PITCHES:
        return _PITCHES[text]
    number, unit, signed = _parts(text, _PITCHES, "semitones as in +2st, or a percentage as in -10%")
    if unit == "st":
        return _held(number, PITCHES_SEMITONES)
    if unit == "%":
        factor = 1 + number / 100 if signed else number / 100
        if factor <= 0:
            raise ValueError("a pitch can't fall by 100 % or more")
        return _held(12 * math.log2(factor), PITCHES_SEMITONES)
    raise ValueError("a pitch is given against the voice's own, as in +2st or -10%; hertz would need to know the voice")


def pitch_range(text: str) -> float:
    """A multiple of the voice's pitch range: "low", "150%", "+20%"."""
    if text in _RANGES:
        return _RANGES[text]
    number, unit, signed = _parts(text, _RANGES, "a percentage as in 150% or +20%")
    if unit != "%":
        raise ValueError("a range is a percentage as in 150% or +20%")
    return _held(1 + number / 100 if signed else number / 100, RANGES)


def volume_db(text: str) -> float:
    """Decibels against the voice's level: "soft", "+6dB", "50" of 100, "-20%"."""
    if text in _VOLUMES:
        return _VOLUMES[text]
    number, unit, signed = _parts(text, _VOLUMES, "decibels as in +6dB, a number from 0 to 100, or a percentage")
    if unit == "db":
        return _held(number, VOLUMES_DB)
    if unit not in ("", "%"):
        raise ValueError("a volume is in decibels as in +6dB, a number from 0 to 100, or a percentage")
    factor = 1 + number / 100 if signed else number / 100
    return SILENT_DB if factor <= 0 else _held(20 * math.log10(factor), VOLUMES_DB)


def emphasis(text: str | None) -> Emphasis:
    """An emphasis level; "moderate" where none is given."""
    level = "moderate" if text is None else text
    if level not in ("none", "reduced", "moderate", "strong"):
        raise ValueError("a level is none, reduced, moderate or strong")
    return cast(Emphasis, level)


def _parts(text: str, names: dict[str, float], forms: str) -> tuple[float, str, bool]:
    """Number, unit in lower case, and whether a sign makes it relative."""
    match = _WITH_UNIT.fullmatch(text.strip())
    if not match:
        raise ValueError(f"give {forms}, or one of {', '.join(names)}")
    return float(match[1]), (match[2] or "").lower(), match[1][0] in "+-"


def _named(text: str, names: dict[str, int]) -> int:
    if text not in names:
        raise ValueError(f"give one of {', '.join(names)}")
    return names[text]


def _held(value: float, limits: tuple[float, float]) -> float:
    low, high = limits
    return min(max(value, low), high)
