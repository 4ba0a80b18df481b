"""What a caller may choose of an acoustic model."""

from __future__ import annotations

from pydantic import Field

from vocolab.options import Options


class FastSpeech2Options(Options):
    """How sentences are said; what a sentence itself says of a span comes on top."""

    speaker: str = Field("", description="One of the voice's speakers, or a blend: 'one(2)+two(1)'; none: its first.")
    published_controls: bool = Field(
        False, description="For ming024's network: pitch_range scales normalised pitch, and by a slip energy, as there."
    )
