"""How DiffWave samples."""

from __future__ import annotations

from typing import Literal, TypeAlias

from pydantic import Field

from vocolab.options import Options

SamplerName: TypeAlias = Literal["fast", "ancestral", "ddim", "dpm-solver", "adaptive"]


class DiffWaveOptions(Options):
    """What the sampling can be told; what is left out the voice decides."""

    sampler: SamplerName | None = Field(
        None,
        description="fast: the voice's own short schedule (6 steps as published); ancestral: the schedule of the "
        "training, noise added at every step; ddim; dpm-solver: second order, for 4 to 10 steps; adaptive: dpm-solver "
        "that stops where the estimate has settled. Left out: the voice's.",
    )
    steps: int | None = Field(
        None, ge=1, le=1000,
        description="Evaluations of the network, for adaptive the most of them; no more than the training's. "
        "Left out: the voice's.",
    )
    eta: float = Field(
        0.0, ge=0.0, le=1.0, description="ddim alone: share of fresh noise a step, 0 for none, 1 as much as ancestral."
    )
    tolerance: float = Field(
        0.02, gt=0.0, le=1.0,
        description="adaptive alone: change of the estimate from step to step, relative to it, that counts as settled.",
    )
