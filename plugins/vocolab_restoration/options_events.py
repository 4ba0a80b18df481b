"""What the effects for single events, and `match`, can be told. Light: this is read to list effects."""

from __future__ import annotations

from pydantic import Field

from vocolab.options import EffectOptions


class DeClickOptions(EffectOptions):
    """Takes clicks of mouths and of records out."""

    threshold: float = Field(
        6.0, ge=2.0, le=50.0,
        description="How far a click stands over what cannot be predicted around it; lower finds more, also in speech.",
    )
    longest_ms: float = Field(4.0, ge=0.5, le=8.0, description="What lasts longer is no click, and stays.")
