"""Options of the harmonic-plus-noise vocoder."""

from __future__ import annotations

from pydantic import Field

from vocolab.options import Options


class HarmonicOptions(Options):
    """What a rendering can be told."""

    pitch_semitones: float = Field(
        0.0, ge=-12.0, le=12.0, description="Shifts F0 and leaves the formants where they are; 12 is an octave up."
    )
    new_pitch: bool = Field(
        False, description="Whether F0 that is given is another than the mel's: its harmonics are then taken off first."
    )
