"""Parameters, cost and reach as computed from a config, against the network itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from vocolab.mels.conventions import convention
from vocolab.networks.weights import network_tensors
from vocolab.voice import Voice
from vocolab_diffwave import denoiser
from vocolab_diffwave.config import DiffWaveConfig
from vocolab_diffwave.network import DiffWave as Network
from vocolab_diffwave.options import DiffWaveOptions
from vocolab_diffwave.sizes import sizes
from vocolab_diffwave.vocoder import DiffWave

SPEC = convention("diffwave-22k")
CONFIGS: dict[str, dict[str, Any]] = {
    "published": {"residual_layers": 4, "residual_channels": 16, "dilation_cycle_length": 2},
    "samples": {"residual_layers": 3, "residual_channels": 24, "samples_per_group": 64, "conditioner_channels": 20},
    "mdct": {
        "residual_layers": 3, "residual_channels": 48, "samples_per_group": 128, "fold": "mdct", "prior": "mel",
        "conditioner_channels": 32, "embedding_channels": 24, "sampler": "dpm-solver", "sampler_steps": 4,
        "noise_schedule": "cosine", "dilation_cycle_length": 3,
    },
}


def counted_macs(made: DiffWave, mel: np.ndarray) -> float:
    """Multiplications of all convolutions of one rendering, by what goes in and comes out of them."""
    total = 0.0

    def hook(module: nn.Module, inputs: tuple[torch.Tensor, ...], output: torch.Tensor) -> None:
        nonlocal total
        transposed = isinstance(module, nn.ConvTranspose2d)
        places = (inputs[0] if transposed else output)[0, 0].numel()
        total += places * module.weight.numel()  # type: ignore[operator,union-attr]

    modules = [*made.network.modules(), *made.latents.modules()]
    handles = [m.register_forward_hook(hook) for m in modules if isinstance(m, nn.Conv1d | nn.ConvTranspose2d)]
    made.render(mel)
    for handle in handles:
        handle.remove()
    return total


@pytest.mark.parametrize("name", CONFIGS)
def test_parameters_macs_and_reach_are_those_of_the_network(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(denoiser, "fits_rows", lambda mel: False)  # modules are counted as they are called
    config = DiffWaveConfig.model_validate(CONFIGS[name])
    network = Network(config, SPEC)
    made = DiffWave(DiffWaveOptions(), Voice("diffwave", CONFIGS[name], SPEC, network_tensors(network)))
    stated = sizes(CONFIGS[name], SPEC)
    assert stated.parameters == sum(parameter.numel() for parameter in network.parameters())
    assert stated.context_frames == made.context_frames
    assert stated.note == f"{len(made.plan.levels)} steps of {made.plan.sampler}"
    frames = 40
    seconds = frames * SPEC.hop_samples / SPEC.sample_rate
    fixed = 0.0  # the bases of MDCT and prior are no modules with a weight
    if name == "mdct":
        fixed = 2 * 128 * SPEC.sample_rate + 128 * SPEC.n_mels * SPEC.sample_rate / 128
    counted = counted_macs(made, np.zeros((80, frames), np.float32)) / seconds
    assert stated.macs_per_second == pytest.approx(counted + fixed, rel=1e-6)


def test_no_config_means_the_published_network() -> None:
    stated = sizes({}, None)
    assert stated.parameters == sum(p.numel() for p in Network(DiffWaveConfig(), SPEC).parameters())
    assert 2.5e6 < stated.parameters < 2.8e6  # 2.64 M in the paper's table 1
    assert stated.note == "6 steps of fast"
    assert stated.context_frames == int(np.ceil(6 * 3 * 1023 / 256)) + 2


def test_the_recipe_fits_its_limits() -> None:
    """1.5 M parameters; 0.15 of a core at 20 GMAC a second would be 3 GMAC."""
    from importlib.resources import files

    from vocolab import toml

    recipe = toml.loads((files("vocolab_diffwave") / "recipes" / "diffwave-22k.toml").read_text())
    model = {key: value for key, value in recipe["model"].items() if key != "objective"}
    stated = sizes(model, convention(recipe["mel_spec"]))
    assert stated.parameters <= 1_500_000
    assert stated.macs_per_second <= 3e9
