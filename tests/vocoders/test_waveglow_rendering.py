"""WaveGlow as a vocoder: exact lengths, noise tied to the absolute sample, chunks equal to the whole."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from vocolab.errors import CheckpointError, NoVoice, OptionError
from vocolab.mels.conventions import convention
from vocolab.networks.weights import network_tensors
from vocolab.options import make_options
from vocolab.rendering import Renderer
from vocolab.testing import VocoderContract
from vocolab.voice import Voice
from vocolab_waveglow import plugin
from vocolab_waveglow.config import WaveGlowConfig
from vocolab_waveglow.network import WaveGlow
from vocolab_waveglow.options import WaveGlowOptions
from vocolab_waveglow.vocoder import WaveGlowVocoder

TOLERANCE = 1e-4
SPEC = replace(convention("hifigan-22k"), n_fft=256, win_samples=256, hop_samples=64, n_mels=20)
CONFIGS: dict[str, dict[str, Any]] = {
    "published layout": {
        "n_flows": 5, "n_early_every": 2, "n_layers": 4, "n_channels": 6, "upsample_kernel_samples": 256,
    },
    "mel network": {
        "n_flows": 3, "n_group": 16, "n_layers": 2, "n_channels": 8, "upsample_kernel_samples": 128,
        "conditioning_channels": 12, "conditioning_layers": 2, "energy_prior": "mel", "mel_offset": -6.0,
        "mel_scale": 2.0,
    },
}  # fmt: skip


def voice(name: str) -> Voice:
    torch.manual_seed(4)
    config = WaveGlowConfig.model_validate(CONFIGS[name])
    network = WaveGlow(config, SPEC).requires_grad_(False)
    for coupling in network.WN:
        assert isinstance(coupling.end, nn.Conv1d)
        coupling.end.weight.mul_(0.5)
    return Voice("waveglow", config.model_dump(), SPEC, network_tensors(network))


def vocoder(name: str, sigma: float = 0.6) -> WaveGlowVocoder:
    return WaveGlowVocoder(WaveGlowOptions(sigma=sigma), voice(name))


def random_mel(frames: int) -> np.ndarray:
    return np.random.default_rng(frames).uniform(-9, -3, (SPEC.n_mels, frames)).astype(np.float32)


class TestPublishedLayout(VocoderContract):
    spec = next(iter(plugin.vocolab_vocoders()))
    voice = voice("published layout")


class TestMelNetwork(VocoderContract):
    spec = next(iter(plugin.vocolab_vocoders()))
    voice = voice("mel network")
    options = {"sigma": 0.9}  # noqa: RUF012


@pytest.mark.parametrize("name", CONFIGS)
@settings(max_examples=6, deadline=None)
@given(frames=st.integers(1, 120), chunk_frames=st.integers(3, 60), seed=st.integers(0, 9))
def test_chunks_equal_the_whole(name: str, frames: int, chunk_frames: int, seed: int) -> None:
    made = vocoder(name)
    renderer = Renderer(made, chunk_frames=chunk_frames)
    renderer.state(SPEC, force=True)  # noise may look like a mel whose bands are in another order
    chunked = renderer(random_mel(frames), seed=seed).samples[0]
    whole = made.render(random_mel(frames), seed=seed)
    assert chunked.shape == (frames * SPEC.hop_samples,)
    np.testing.assert_allclose(chunked, whole, atol=TOLERANCE * max(1.0, float(np.abs(whole).max())), rtol=0)


@pytest.mark.parametrize("name", CONFIGS)
def test_the_context_is_what_the_network_reaches(name: str) -> None:
    """The gradient of a frame's audio: nothing beyond the context, something near its edge."""
    made = vocoder(name)
    context, frames = made.context_frames, 2 * made.context_frames + 9
    hop, middle = SPEC.hop_samples, frames // 2
    mel = torch.from_numpy(random_mel(frames))[None].requires_grad_()
    noise = torch.randn(1, frames * hop, generator=torch.Generator().manual_seed(0)).requires_grad_()
    audio = made.network(mel, noise)[0, middle * hop : (middle + 1) * hop]
    of_mel, of_noise = torch.autograd.grad(audio.square().sum(), (mel, noise))
    heard = of_mel[0].abs().sum(dim=0) + of_noise.reshape(frames, hop).abs().sum(dim=1)
    reached = np.flatnonzero(heard.numpy())
    assert reached.min() >= middle - context
    assert reached.max() <= middle + context
    assert max(middle - reached.min(), reached.max() - middle) >= context - 1


def test_the_seed_decides_the_noise_and_sigma_its_size() -> None:
    mel = random_mel(20)
    made = vocoder("published layout")
    np.testing.assert_array_equal(made.render(mel, seed=1), made.render(mel, seed=1))
    assert np.abs(made.render(mel, seed=1) - made.render(mel, seed=2)).max() > 1e-2
    still = vocoder("published layout", sigma=0.0)
    np.testing.assert_array_equal(still.render(mel, seed=1), still.render(mel, seed=2))


def test_sigma_has_a_range() -> None:
    with pytest.raises(OptionError, match="sigma"):
        make_options(WaveGlowOptions, {"sigma": 2.5}, "waveglow")


def test_without_weights_there_is_no_audio() -> None:
    with pytest.raises(NoVoice, match="trained weights"):
        WaveGlowVocoder(WaveGlowOptions(), None)


def test_a_mixing_that_mixes_nothing_back_is_refused() -> None:
    given_voice = voice("mel network")
    tensors = {**given_voice.tensors, "convinv.1.conv.weight": np.ones((16, 16, 1), np.float32)}
    with pytest.raises(CheckpointError, match=r"convinv\.1 have no inverse"):
        WaveGlowVocoder(WaveGlowOptions(), replace(given_voice, tensors=tensors))


def test_a_config_of_a_giant_is_refused_before_memory_is_taken() -> None:
    given_voice = voice("mel network")
    with pytest.raises(CheckpointError, match="asks for"):
        WaveGlowVocoder(WaveGlowOptions(), replace(given_voice, config={**given_voice.config, "n_channels": 2048}))
