"""What WaveGlow can be told."""

from __future__ import annotations

from pydantic import Field

from vocolab.options import Options


class WaveGlowOptions(Options):
    """Options of the vocoder `waveglow`."""

    sigma: float = Field(
        0.6, ge=0.0, le=2.0,
        description="Deviation of the noise, 1.0 as in training; less is calmer, 0 leaves the noise out.",
    )
