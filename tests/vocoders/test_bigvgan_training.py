"""What `vocolab train bigvgan` trains, and its recipe."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from vocolab.errors import VocolabError
from vocolab.mels.conventions import convention
from vocolab.options import Options
from vocolab.training.generator import TrainableGenerator
from vocolab.training.recipe import read_recipe
from vocolab_bigvgan.config import BigVganConfig
from vocolab_bigvgan.generator import BigVganGenerator
from vocolab_bigvgan.sizes import sizes
from vocolab_bigvgan.training import build
from vocolab_bigvgan.vocoder import BigVgan

RECIPE = Path(__file__).parents[2] / "plugins" / "vocolab_bigvgan" / "recipes" / "bigvgan-small-22k.toml"
SPEC = convention("hifigan-22k")
MODEL: dict[str, Any] = {
    "upsample_rates": [16, 16], "upsample_kernel_sizes": [32, 32], "upsample_initial_channel": 16,
    "resblock_kernel_sizes": [3], "resblock_dilation_sizes": [[1, 3]],
}


def trainable() -> TrainableGenerator:
    torch.manual_seed(0)
    return build(MODEL, SPEC)


def test_the_recipe_builds_and_its_summary_is_true() -> None:
    recipe = read_recipe(RECIPE)
    made = build(recipe.model, convention(recipe.mel_spec))
    parameters = sizes(made.config.model_dump(), made.mel_spec).parameters
    assert f"{parameters / 1e6:.1f} M" in recipe.summary
    assert "not trained" in recipe.summary


def test_what_is_trained_exports_as_a_voice() -> None:
    made = trainable()
    mel = torch.randn(1, 80, 8)
    with torch.no_grad():
        trained = made.render(made.network, mel)[0].numpy()
    voice = made.export(made.network.state_dict())
    np.testing.assert_allclose(BigVgan(Options(), voice).render(mel[0].numpy()), trained, atol=1e-6)


def test_initial_weights_are_the_published_ones() -> None:
    """Normal with a deviation of 0.01, but for the first convolution's, which torch's own initialisation decides."""
    voice = trainable().export(trainable().network.state_dict())
    torch.manual_seed(0)
    untouched = BigVganGenerator(BigVganConfig.model_validate(MODEL), SPEC).state_dict()
    np.testing.assert_allclose(voice.tensors["conv_pre.weight"], untouched["conv_pre.weight"], rtol=1e-5, atol=1e-8)
    kernels = {name: value for name, value in voice.tensors.items() if value.ndim == 3 and name.endswith(".weight")}
    for name in kernels.keys() - {"conv_pre.weight"}:
        assert kernels[name].std() == pytest.approx(0.01, rel=4 / np.sqrt(2 * kernels[name].size)), name


def test_every_parameter_learns() -> None:
    """Gradients reach all of it, and following them brings a waveform nearer to another."""
    made = trainable()
    mel, wanted = torch.randn(1, 80, 8), 0.1 * torch.randn(1, 8 * 256)
    optimizer = torch.optim.Adam(made.network.parameters(), lr=3e-3)
    distances = []
    for _ in range(25):
        distance = (made.network(mel) - wanted).square().mean()
        optimizer.zero_grad()
        distance.backward()
        optimizer.step()
        distances.append(distance.item())
    assert all(parameter.grad is not None and parameter.grad.abs().sum() > 0 for parameter in made.network.parameters())
    assert distances[-1] < 0.9 * distances[0]


def test_a_recipe_that_does_not_fit_names_every_problem() -> None:
    model = {"upsample_rates": [8, 8], "upsample_kernel_sizes": [16, 15]}
    with pytest.raises(VocolabError, match=r"64 samples a frame.*kernel minus rate has to be even"):
        build(model, convention("bigvgan-22k"))
