"""WaveGlow's flow: equal to the published one, its own inverse, and a density."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, Literal

import numpy as np
import pytest
import torch
from conformance import PUBLISHED, arrays, write_checkpoint
from torch import Tensor, nn

from vocolab.checkpoints import fold_weight_norm
from vocolab.mels.conventions import convention
from vocolab.mels.extract import extract
from vocolab.networks.weights import filled
from vocolab_waveglow.config import WaveGlowConfig, config_problems
from vocolab_waveglow.energy import EnergyPrior
from vocolab_waveglow.network import WaveGlow

TOLERANCE = 1e-4
SPEC = convention("hifigan-22k")
CONFIGS = {
    "published layout": WaveGlowConfig(n_flows=5, n_early_every=2, n_layers=3, n_channels=8),
    "wide groups": WaveGlowConfig(n_flows=3, n_group=32, n_layers=2, n_channels=8, kernel_size=5),
    "mel network": WaveGlowConfig(
        n_flows=3, n_group=16, n_layers=2, n_channels=8, upsample_kernel_samples=512, conditioning_channels=12,
        conditioning_layers=2, energy_prior="mel", mel_offset=-6.0, mel_scale=2.0,
    ),
}  # fmt: skip


def shaken(config: WaveGlowConfig) -> WaveGlow:
    """A network whose every weight matters, its mixings no rotations."""
    torch.manual_seed(3)
    network = WaveGlow(config, SPEC).eval().requires_grad_(False)
    for coupling in network.WN:
        assert isinstance(coupling.end, nn.Conv1d)
        coupling.end.weight.mul_(0.5)
    for mixing in network.convinv:
        assert isinstance(mixing.conv, nn.Conv1d)
        mixing.conv.weight.add_(0.05 * torch.randn_like(mixing.conv.weight))
    return network


def some_mel(frames: int, batch: int = 1) -> Tensor:
    return torch.randn(batch, SPEC.n_mels, frames, generator=torch.Generator().manual_seed(frames)) - 6.0


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[WaveGlow, dict[str, Any]]:
    """The conformance network under its published names, and what the published code computes with it."""
    folder = PUBLISHED / "waveglow"
    path = write_checkpoint(folder, tmp_path_factory.mktemp("waveglow") / "waveglow.pt")
    values = json.loads((folder / "config.json").read_text())
    config = WaveGlowConfig(
        **values["WN_config"], **{key: values[key] for key in ("n_flows", "n_group", "n_early_every", "n_early_size")}
    )
    state = torch.load(path, weights_only=True)["state_dict"]
    tensors = fold_weight_norm({name: tensor.numpy() for name, tensor in state.items()})
    network = filled(lambda: WaveGlow(config, convention("tacotron2-22k")), tensors, "the checkpoint")
    return network.eval().requires_grad_(False), arrays(folder)


def test_inference_equals_the_published_one(published: tuple[WaveGlow, dict[str, Any]]) -> None:
    network, data = published
    noise = torch.from_numpy(np.concatenate([data["noise_1"], data["noise_0"]]).T.reshape(1, -1))
    audio = network(torch.from_numpy(data["mel"])[None], 0.6 * noise)
    np.testing.assert_allclose(audio[0], data["audio_sigma0.6"], atol=TOLERANCE)
    np.testing.assert_allclose(network.keep_inverses()(torch.from_numpy(data["mel"])[None], 0.6 * noise), audio)


def test_the_way_to_noise_and_its_loss_equal_the_published_ones(published: tuple[WaveGlow, dict[str, Any]]) -> None:
    network, data = published
    mel, audio = torch.from_numpy(data["mel"])[None], torch.from_numpy(data["audio"])[None]
    encoded = network.encode(audio, mel)
    np.testing.assert_allclose(encoded.noise.reshape(-1, 8).T, data["z"], atol=TOLERANCE)
    np.testing.assert_allclose(torch.stack(encoded.log_scales), data["log_s_sums"], atol=TOLERANCE)
    np.testing.assert_allclose(encoded.loss(), data["loss"], atol=TOLERANCE)
    np.testing.assert_allclose(network(mel, encoded.noise), audio, atol=TOLERANCE)


@pytest.mark.parametrize("name", CONFIGS)
def test_audio_comes_back_from_its_noise(name: str) -> None:
    network, mel = shaken(CONFIGS[name]), some_mel(9, batch=2)
    audio = 0.1 * torch.randn(2, 9 * SPEC.hop_samples)
    encoded = network.encode(audio, mel)
    assert encoded.noise.shape == audio.shape
    np.testing.assert_allclose(network(mel, encoded.noise), audio, atol=TOLERANCE)


@pytest.mark.parametrize("name", ["published layout", "mel network"])
def test_the_loss_is_the_likelihood_that_the_jacobian_gives(name: str) -> None:
    """Change of variables, with the determinant of the whole map instead of the flow's own sum."""
    network, mel = shaken(CONFIGS[name]).double(), some_mel(1).double()
    audio = 0.1 * torch.randn(SPEC.hop_samples, dtype=torch.float64)
    encoded = network.encode(audio[None], mel)
    jacobian = torch.autograd.functional.jacobian(lambda x: network.encode(x[None], mel).noise[0], audio)
    log_volume = torch.linalg.slogdet(jacobian)[1]  # type: ignore[arg-type]
    sigma = 0.8
    expected = ((encoded.noise**2).sum() / (2 * sigma**2) - log_volume) / audio.numel()
    assert encoded.loss(sigma).item() == pytest.approx(expected.item(), abs=1e-9)


def test_the_energy_prior_reads_the_level_of_noise_off_its_mel() -> None:
    """Noise below the mel's upper edge, in steps of 20 dB: the level is right within 1 dB away from the steps."""
    from vocolab.audio import Audio

    random = np.random.default_rng(0)
    samples = SPEC.hop_samples * 120
    spectrum = np.fft.rfft(random.standard_normal(samples))
    spectrum[int(samples * 7500 / SPEC.sample_rate) :] = 0
    noise = np.fft.irfft(spectrum, samples)
    level = np.repeat([0.1, 0.01, 0.1], samples // 3) / noise.std()
    mel = extract(Audio.mono((noise * level).astype(np.float32), SPEC.sample_rate), SPEC)
    curve = EnergyPrior(SPEC)(torch.from_numpy(mel.values)[None])[0].exp().numpy()
    assert curve.shape == (samples,)
    for third, wanted in enumerate((0.1, 0.01, 0.1)):
        middle = curve[third * samples // 3 :][5 * 256 : samples // 3 - 5 * 256]
        assert abs(20 * np.log10(np.sqrt(np.mean(middle**2)) / wanted)) < 1.0


@pytest.mark.parametrize(("padding", "centre_samples"), [("hifigan", 127.5), ("center", 0.0)])
def test_the_energy_is_linear_between_the_frames_centres(
    padding: Literal["hifigan", "center"], centre_samples: float
) -> None:
    """Of a level that rises by one neper a frame it is the time in frames, sample by sample."""
    energy = EnergyPrior(replace(SPEC, padding=padding))
    frames = 6
    rising = torch.arange(frames, dtype=torch.float32).expand(1, 80, frames) - 8.0
    nepers = (energy(rising) - energy(torch.full((1, 80, 1), -8.0))[:, :1])[0].numpy()
    wanted = np.clip((np.arange(frames * 256) - centre_samples) / 256, 0, frames - 1)
    np.testing.assert_allclose(nepers, wanted, atol=2e-5)


def test_configs_that_fit_nothing_are_named() -> None:
    assert config_problems({}, 256) == []
    assert "does not divide the hop" in config_problems({"n_group": 24}, 256)[0].text
    assert "at least 2 have to stay" in config_problems({"n_early_every": 1}, 256)[0].text
    assert "odd" in config_problems({"kernel_size": 4}, 256)[0].text
    assert "at least the hop" in config_problems({"upsample_kernel_samples": 200}, 256)[0].text
    assert "needs conditioning_channels" in config_problems({"conditioning_layers": 2}, 256)[0].text
    assert "unknown option" in config_problems({"n_flow": 2}, 256)[0].text
