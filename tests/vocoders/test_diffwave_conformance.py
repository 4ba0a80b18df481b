"""What the published DiffWave computes for the same weights, noise and mel."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from conformance import PUBLISHED, arrays, write_checkpoint

from vocolab.checkpoints import open_checkpoint
from vocolab_diffwave.convert import convert
from vocolab_diffwave.denoiser import MelDenoiser
from vocolab_diffwave.options import DiffWaveOptions
from vocolab_diffwave.plan import Plan
from vocolab_diffwave.sampling import sample
from vocolab_diffwave.schedules import training_schedule
from vocolab_diffwave.vocoder import build_network

ESTIMATE_TOLERANCE = 1e-5
AUDIO_TOLERANCE = 1e-4


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[MelDenoiser, dict[str, Any]]:
    folder = PUBLISHED / "diffwave"
    path = write_checkpoint(folder, tmp_path_factory.mktemp("diffwave") / "weights.pt")
    data = arrays(folder)
    network = build_network(convert(open_checkpoint(path), None).voice)
    with torch.no_grad():
        return MelDenoiser(network, torch.from_numpy(data["mel"])[None]), data


@pytest.mark.parametrize("step", ["7", "3.25"])
def test_the_noise_estimate_is_the_published_one(published: tuple[MelDenoiser, dict[str, Any]], step: str) -> None:
    denoise, data = published
    level = training_schedule(denoise.config).at(float(step))
    with torch.inference_mode():
        estimate = denoise(torch.from_numpy(data["audio"])[None, None], level)
    np.testing.assert_allclose(estimate.noise[0, 0].numpy(), data[f"eps_step{step}"], atol=ESTIMATE_TOLERANCE, rtol=0)


@pytest.mark.parametrize(("sampler", "name"), [("fast", "fast"), ("ancestral", "full")])
def test_sampling_is_the_published_one(
    published: tuple[MelDenoiser, dict[str, Any]], sampler: Any, name: str
) -> None:
    denoise, data = published
    plan = Plan.of(DiffWaveOptions(sampler=sampler), denoise.config)
    draws = torch.from_numpy(data[f"noise_{name}"])
    with torch.inference_mode():
        audio = sample(plan, denoise, lambda stream: draws[stream][None, None], (0, data["mel"].shape[1]))
    assert len(plan.levels) == len(draws)
    np.testing.assert_allclose(audio[0, 0].numpy(), data[f"audio_{name}"], atol=AUDIO_TOLERANCE, rtol=0)
