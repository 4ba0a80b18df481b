"""How clips are joined to long ones."""

from __future__ import annotations

from pydantic import Field

from vocolab.options import Options


class JoinOptions(Options):
    """Clips said one after the other, so that what is longer than any clip stays clear."""

    share: float = Field(0.3, ge=0.0, le=1.0, description="Of the batches.")
    least_frames: int = Field(500, ge=10)
    most_frames: int = Field(1800, ge=10)
    as_one: float = Field(0.5, ge=0.0, le=1.0, description="How often two become one sentence with a long pause.")
