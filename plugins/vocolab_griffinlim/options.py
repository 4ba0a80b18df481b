"""What Griffin-Lim can be told."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from vocolab.options import Options


class GriffinLimOptions(Options):
    """Options of the vocoder `griffinlim`."""

    iterations: int = Field(60, ge=1, le=1000, description="More are slower and come closer; few gain beyond 100.")
    momentum: float = Field(0.99, ge=0.0, le=1.0, description="0 is the method of 1984, 0.99 the fast one.")
    inversion: Literal["exact", "pseudo-inverse"] = Field(
        "exact", description="How magnitudes come from the mel: with that very mel, or by the pseudo-inverse "
        "of its filters, as most toolkits do: for comparisons.",
    )
