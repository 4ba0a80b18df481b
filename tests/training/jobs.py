"""Small training jobs that several tests run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import own_objective

from vocolab.training.interfaces import TrainableFactory
from vocolab.training.recipe import Recipe, recipe_from
from vocolab.training.session import TrainingJob
from vocolab_hifigan import training as hifigan
from vocolab_vocos import training as vocos

SMALL_VOCOS = {"dim": 32, "intermediate_dim": 64, "num_layers": 2}
SMALL_HIFIGAN = {
    "upsample_rates": [8], "upsample_kernel_sizes": [16], "upsample_initial_channel": 32, "resblock_kernel_sizes": [3],
    "resblock_dilation_sizes": [[1, 3]], "gen_istft_n_fft": 128, "gen_istft_hop_size": 32, "gen_istft_phase": "angle",
    "gen_istft_padding": "same",
}
FACTORIES: dict[str, tuple[TrainableFactory, dict[str, Any]]] = {
    "vocos": (vocos.build, SMALL_VOCOS),
    "hifigan": (hifigan.build, SMALL_HIFIGAN),
    "denoiser": (own_objective.build, {"width": 4}),
}
GENERATORS = ("vocos", "hifigan")
SLIM = {"width": 0.02, "periods": [2], "scales": 2}
"""Discriminators that cost next to nothing."""


def recipe(vocoder: str, optimizer: dict[str, Any] | None = None, **tables: Any) -> Recipe:
    values = {"steps": 8, "batch": 2, "segment_frames": 16, "warmup_steps": 2, **(optimizer or {})}
    document = {
        "model": FACTORIES[vocoder][1], "optimizer": values, "validation": {"every_steps": 4, "clips": 1, "samples": 0},
        "checkpoints": {"every_steps": 2}, "log": {"tensorboard": False}, "seed": 3, **tables,
    }
    return recipe_from(document, "recipe")


def job(
    vocoder: str, folder: Path, optimizer: dict[str, Any] | None = None, *, job_options: dict[str, Any] | None = None,
    **tables: Any,
) -> TrainingJob:
    return TrainingJob(
        vocoder, FACTORIES[vocoder][0], recipe(vocoder, optimizer, **tables), folder, **(job_options or {})
    )
