"""What was measured of one clip."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from vocolab.metrics.noise import NoiseSums


@dataclass(frozen=True)
class ClipFigures:
    """What was measured of one clip."""

    name: str
    figures: dict[str, float]
    """A measure that could not judge the clip is not in it."""
    cpu_s: float = 0.0
    audio_s: float = 0.0
    recorded: tuple[float, ...] = ()
    """Power of the recording in each third octave that it has, from the lowest on."""
    rendered: tuple[float, ...] = ()
    noise: NoiseSums = field(default_factory=NoiseSums)
    """Above 4 kHz."""
    upper_noise: NoiseSums = field(default_factory=NoiseSums)
    """From 8 to 16 kHz, at rates of 32 kHz and more."""
    problems: tuple[str, ...] = ()
    ratios: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    """What is summed over clips before it is divided: errors and words."""
