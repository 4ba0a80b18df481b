"""The architecture of an aligner, and its objective."""

from __future__ import annotations

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from vocolab.options import Options


class AlignerConfig(Options):
    """What an aligner's network looks like, and what texts it reads."""

    language: str = Field("en-US", description="Name or tag of the language that the texts are in.")
    channels: int = Field(128, ge=4, le=4096, description="Width of the convolutions.")
    blocks: int = Field(2, ge=1, le=32, description="How many convolutions over time.")
    kernel: int = Field(5, ge=1, le=31, description="Frames that each of them sees, an odd number.")
    least_frames: int = Field(
        3, ge=1, le=5, description="Shortest sound, where a recording is long enough for its text; 1 while training."
    )
    share_decay: float = Field(
        0.98, ge=0.0, lt=1.0, description="How slowly the shares of the sounds follow the batches, a step."
    )

    @field_validator("kernel")
    @classmethod
    def _odd(cls, value: int) -> int:
        if value % 2 == 0:
            raise PydanticCustomError("odd", "a kernel has as many frames before as after: an odd number")
        return value


class Objective(Options):
    """The table `[model.objective]` of a recipe."""

    prior: float = Field(1.0, ge=0.01, le=100.0, description="Sharpness of the beta-binomial prior.")
    prior_until: int = Field(500, ge=0, description="Step up to which the prior fades, evenly.")
    binarisation: float = Field(1.0, ge=0.0, description="Weight of the best placement beside the sum over all.")
    binarisation_from: int = Field(400, ge=0, description="Step from which on it counts.")
    binarisation_ramp: int = Field(200, ge=1, description="Steps until it counts in full.")
