"""Training WaveGlow: published initial weights, its likelihood, and what becomes of the weights."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from counting import counted_parameters, multiplications

from vocolab.errors import OptionError
from vocolab.mels.conventions import convention
from vocolab.training.interfaces import OwnObjective
from vocolab.training.recipe import read_recipe
from vocolab.training.tasks.task import SegmentBatch
from vocolab_waveglow.config import WaveGlowConfig
from vocolab_waveglow.network import WaveGlow
from vocolab_waveglow.options import WaveGlowOptions
from vocolab_waveglow.sizes import sizes
from vocolab_waveglow.training import build
from vocolab_waveglow.vocoder import WaveGlowVocoder

SPEC = convention("hifigan-22k")
RECIPE = Path(__file__).parents[2] / "plugins" / "vocolab_waveglow" / "recipes" / "waveglow-22k.toml"
SMALL: dict[str, Any] = {
    "n_flows": 3, "n_group": 16, "n_early_every": 2, "n_layers": 2, "n_channels": 8, "upsample_kernel_samples": 512,
    "conditioning_channels": 8, "conditioning_layers": 1, "energy_prior": "mel", "mel_offset": -6.0, "mel_scale": 2.0,
}
BOTH: dict[str, Any] = {**SMALL, "objective": {"spectral_share": 0.5}}


def batch(frames: int = 24) -> tuple[torch.Tensor, torch.Tensor]:
    random = torch.Generator().manual_seed(1)
    audio = 0.05 * torch.randn(2, frames * SPEC.hop_samples, generator=random)
    return audio, torch.randn(2, SPEC.n_mels, frames, generator=random) - 6.0


def test_a_fresh_flow_is_a_rotation_of_the_audio_over_its_level() -> None:
    """The couplings do nothing at first and the mixings only rotate: what comes out has the energy that went in."""
    trainable = build({**SMALL, "energy_prior": "none"}, SPEC)
    audio, mel = batch()
    with torch.no_grad():
        encoded = trainable.network.encode(audio, mel)
    assert encoded.noise.norm().item() == pytest.approx(audio.norm().item(), rel=1e-5)
    assert all(value.item() == 0.0 for value in encoded.log_scales)
    determinants = [torch.linalg.det(mixing.conv.weight[..., 0]).item() for mixing in trainable.network.convinv]  # type: ignore[union-attr,index]
    assert determinants == pytest.approx([1.0] * 3, abs=1e-4)


def test_as_published_the_likelihood_alone_is_trained() -> None:
    trainable = build({"n_flows": 2, "n_channels": 4, "n_layers": 2}, convention("tacotron2-22k"))
    audio, mel = batch()
    loss, parts = trainable.loss(trainable.network, SegmentBatch(torch.Generator().manual_seed(0), mel, audio))
    assert list(parts) == ["likelihood"]
    assert parts["likelihood"] is loss or parts["likelihood"].item() == pytest.approx(loss.item())
    assert loss.item() == pytest.approx(float((audio**2).mean()) / 2, rel=0.05)  # a rotation, log-determinants of zero


def test_all_that_is_random_comes_from_the_generator_that_is_given() -> None:
    trainable = build(BOTH, SPEC)
    assert isinstance(trainable, OwnObjective)
    audio, mel = batch()
    generators = [torch.Generator().manual_seed(seed) for seed in (1, 1, 2)]
    losses = [trainable.loss(trainable.network, SegmentBatch(random, mel, audio))[0].item() for random in generators]
    assert losses[0] == losses[1] != losses[2]


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_a_few_steps_bring_the_loss_down_and_reach_every_weight(share: float) -> None:
    torch.manual_seed(0)
    trainable = build({**SMALL, "objective": {"spectral_share": share}}, SPEC)
    audio, mel = batch()
    optimizer = torch.optim.Adam(trainable.network.parameters(), lr=3e-3)
    losses = []
    for _ in range(12):
        loss, _ = trainable.loss(trainable.network, SegmentBatch(torch.Generator().manual_seed(0), mel, audio))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0]
    assert all(parameter.grad is not None and parameter.grad.any() for parameter in trainable.network.parameters())


def test_the_exported_voice_renders_what_the_trained_network_does() -> None:
    trainable = build(BOTH, SPEC)
    with torch.no_grad():
        for parameter in trainable.network.parameters():
            parameter.add_(0.02 * torch.randn_like(parameter))
    voice = trainable.export(trainable.network.state_dict())
    made = WaveGlowVocoder(WaveGlowOptions(), voice)
    _, mel = batch(8)
    noise = 0.6 * torch.randn(1, 8 * SPEC.hop_samples)
    with torch.no_grad():
        np.testing.assert_allclose(made.network(mel[:1], noise), trainable.network(mel[:1], noise), atol=1e-5)
        rendered = trainable.render(trainable.network, mel, seed=3)
    assert rendered.shape == (2, 8 * SPEC.hop_samples)


def test_the_recipe_describes_a_small_voice() -> None:
    recipe = read_recipe(RECIPE)
    trainable = build(recipe.model, convention(recipe.mel_spec))
    voice = trainable.export(trainable.network.state_dict())
    assert voice.parameters <= 6_000_000
    assert voice.parameters == sizes(voice.config, voice.mel_spec).parameters


def test_a_wrong_recipe_names_every_problem() -> None:
    with pytest.raises(OptionError, match=r"n_flow: unknown option.*objective\.spectral_shares: unknown option"):
        build({"n_flow": 3, "objective": {"spectral_shares": 1.0}}, SPEC)


@pytest.mark.parametrize("config", [SMALL, {"n_flows": 5, "n_layers": 2, "n_channels": 8, "kernel_size": 5}])
def test_sizes_are_what_is_counted_in_the_network(config: dict[str, Any]) -> None:
    network = WaveGlow(WaveGlowConfig.model_validate(config), SPEC).keep_inverses()
    computed = sizes(config, SPEC)
    assert computed.parameters == counted_parameters(network)
    short, long = (
        multiplications(network, torch.zeros(1, 80, frames), torch.zeros(1, frames * 256)) for frames in (16, 32)
    )
    assert (long - short) / 16 * SPEC.frame_rate_hz == pytest.approx(computed.macs_per_second, rel=1e-9)


def test_the_published_sizes() -> None:
    """87.73 and 268.0 million parameters, 224 and 720 GMAC a second of audio, 24,480 samples and 3 frames of reach."""
    published = sizes({}, None)
    assert published.parameters == 87_731_816
    assert published.macs_per_second / 1e9 == pytest.approx(224, abs=1)
    assert published.context_frames == -(-24_480 // 256) + 3
    wide = sizes({"n_channels": 512}, None)
    assert wide.parameters / 1e6 == pytest.approx(268.0, abs=0.1)
    assert wide.macs_per_second / 1e9 == pytest.approx(720, abs=2)
