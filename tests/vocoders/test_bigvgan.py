"""BigVGAN gives what the published implementation gives, whole and in parts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from conformance import PUBLISHED, arrays, write_checkpoint
from hypothesis import given, settings
from hypothesis import strategies as st

from vocolab.checkpoints import open_checkpoint
from vocolab.errors import NoVoice
from vocolab.mels.conventions import convention
from vocolab.mels.mel import Mel
from vocolab.networks.weights import network_tensors
from vocolab.options import Options
from vocolab.rendering import Renderer
from vocolab.testing import VocoderContract
from vocolab.voice import Voice
from vocolab_bigvgan import plugin
from vocolab_bigvgan.config import BigVganConfig
from vocolab_bigvgan.convert import convert
from vocolab_bigvgan.generator import BigVganGenerator
from vocolab_bigvgan.vocoder import BigVgan, build_generator

TOLERANCE = 1e-5
SPEC = convention("hifigan-22k")
SMALL: dict[str, dict[str, Any]] = {
    "v1": {
        "upsample_rates": [8, 8, 2, 2], "upsample_kernel_sizes": [16, 16, 4, 4], "upsample_initial_channel": 32,
    },
    "v2": {"upsample_initial_channel": 64, "use_tanh_at_final": False, "use_bias_at_final": False},
    "block 2": {
        "resblock": "2", "upsample_rates": [8, 8, 4], "upsample_kernel_sizes": [16, 16, 8],
        "upsample_initial_channel": 16, "resblock_kernel_sizes": [3, 5], "resblock_dilation_sizes": [[1, 2], [2, 6]],
        "activation": "snake",
    },
    "linear": {
        "upsample_rates": [16, 16], "upsample_kernel_sizes": [32, 32], "upsample_initial_channel": 16,
        "snake_logscale": False, "mel_offset": -5.0, "mel_scale": 2.0,
    },
}


def generator(name: str) -> BigVganGenerator:
    torch.manual_seed(1)
    network = BigVganGenerator(BigVganConfig.model_validate(SMALL[name]), SPEC)
    for parameter_name, parameter in network.named_parameters():
        if parameter_name.endswith(("alpha", "beta")):
            parameter.data += 0.3 * torch.randn_like(parameter)
    return network


def vocoder(name: str) -> BigVgan:
    return BigVgan(Options(), Voice("bigvgan", SMALL[name], SPEC, network_tensors(generator(name))))


def random_mel(frames: int) -> Mel:
    return Mel(np.random.default_rng(frames).normal(-5, 2, (SPEC.n_mels, frames)).astype(np.float32), SPEC)


class TestContract(VocoderContract):
    """What vocolab asks of every vocoder."""

    spec = next(iter(plugin.vocolab_vocoders()))
    voice = Voice("bigvgan", SMALL["linear"], SPEC, network_tensors(generator("linear")))


@pytest.fixture(scope="module", params=SMALL)
def bigvgan(request: pytest.FixtureRequest) -> BigVgan:
    return vocoder(request.param)


@pytest.mark.parametrize("name", ["bigvgan_v1", "bigvgan_v2"])
def test_it_equals_the_published_generator(name: str, tmp_path: Path) -> None:
    folder = PUBLISHED / name
    voice = convert(open_checkpoint(write_checkpoint(folder, tmp_path / "bigvgan_generator.pt")), None).voice
    data = arrays(folder)
    fast = BigVgan(Options(), voice).render(data["mel"])
    np.testing.assert_allclose(fast, data["audio"], atol=TOLERANCE, rtol=0)
    with torch.no_grad():
        plain = build_generator(voice)(torch.from_numpy(data["mel"])[None])[0].numpy()
    np.testing.assert_allclose(plain, data["audio"], atol=TOLERANCE, rtol=0)


@pytest.mark.parametrize("name", SMALL)
def test_what_renders_is_the_network_that_is_trained(name: str) -> None:
    mel = random_mel(30).values
    with torch.no_grad():
        plain = generator(name)(torch.from_numpy(mel)[None])[0].numpy()
    assert plain.std() > 1e-4
    np.testing.assert_allclose(vocoder(name).render(mel), plain, atol=TOLERANCE)


@settings(max_examples=5, deadline=None)
@given(frames=st.integers(1, 60), chunk_frames=st.integers(5, 40))
def test_chunks_equal_the_single_pass(bigvgan: BigVgan, frames: int, chunk_frames: int) -> None:
    mel = random_mel(frames)
    chunked = Renderer(bigvgan, chunk_frames=chunk_frames)(mel).samples
    assert chunked.shape == (1, frames * SPEC.hop_samples)
    np.testing.assert_allclose(chunked[0], bigvgan.render(mel.values), atol=TOLERANCE)


@pytest.mark.parametrize("name", SMALL)
def test_the_context_is_what_the_network_reaches(name: str) -> None:
    """Without biases silence stays exactly 0, and a change of one frame is 0 where nothing of it arrives."""
    network = generator(name).double()
    for parameter_name, parameter in network.named_parameters():
        if parameter_name.endswith("bias"):
            parameter.data.zero_()
        elif parameter_name.endswith("weight"):
            parameter.data.fill_(1 / parameter[0].numel())  # nothing cancels, nothing grows
    context, hop = network.context_frames, SPEC.hop_samples
    mel = torch.full((1, SPEC.n_mels, 2 * context + 9), network.config.mel_offset).double()
    middle = mel.shape[-1] // 2
    mel[:, :, middle] += 1.0
    with torch.no_grad():
        reached = np.flatnonzero(network(mel)[0].numpy()) // hop
    assert reached.min() >= middle - context
    assert reached.max() <= middle + context
    assert max(middle - reached.min(), reached.max() - middle) >= context - 1


def test_a_batch_is_its_members_one_by_one(bigvgan: BigVgan) -> None:
    mels = np.stack([random_mel(40).values, random_mel(41).values[:, 1:]])
    with torch.inference_mode():
        together = bigvgan.network(torch.from_numpy(mels)).numpy()
    for mel, audio in zip(mels, together, strict=True):
        np.testing.assert_allclose(audio, bigvgan.render(mel), atol=TOLERANCE)


def test_without_tanh_samples_are_clipped() -> None:
    network = generator("v2")
    network.conv_post.weight.data *= 1e4
    audio = BigVgan(Options(), Voice("bigvgan", SMALL["v2"], SPEC, network_tensors(network))).render(
        random_mel(20).values
    )
    assert np.abs(audio).max() == 1.0
    assert np.mean(np.abs(audio) == 1.0) > 0.1


def test_without_a_voice_it_says_so() -> None:
    with pytest.raises(NoVoice, match="bigvgan needs trained weights"):
        BigVgan(Options(), None)
