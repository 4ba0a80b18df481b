"""A rendering in chunks is the rendering in one pass, wherever the cuts fall."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from vocolab.interfaces import Vocoder
from vocolab.mels.conventions import convention
from vocolab.mels.mel import Mel
from vocolab.networks.vocoder import NetworkVocoder
from vocolab.networks.weights import network_tensors
from vocolab.options import Options
from vocolab.rendering import Renderer
from vocolab.voice import Voice
from vocolab_hifigan.config import HifiGanConfig
from vocolab_hifigan.generator import HifiGanGenerator
from vocolab_hifigan.vocoder import HifiGan
from vocolab_vocos.config import VocosConfig
from vocolab_vocos.generator import VocosGenerator
from vocolab_vocos.vocoder import Vocos

TOLERANCE = 1e-5
SPEC = convention("hifigan-22k")

HIFIGAN_CONFIGS = {
    "v1": HifiGanConfig(upsample_initial_channel=16),
    "v3": HifiGanConfig(
        resblock="2", upsample_rates=[8, 8, 4], upsample_kernel_sizes=[16, 16, 8], upsample_initial_channel=16,
        resblock_kernel_sizes=[3, 5, 7], resblock_dilation_sizes=[[1, 2], [2, 6], [3, 12]],
    ),
    "istftnet": HifiGanConfig(
        upsample_rates=[8, 8], upsample_kernel_sizes=[16, 16], upsample_initial_channel=32, gen_istft_n_fft=16,
        gen_istft_hop_size=4,
    ),
    "own head": HifiGanConfig(
        upsample_rates=[8], upsample_kernel_sizes=[16], upsample_initial_channel=32, gen_istft_n_fft=128,
        gen_istft_hop_size=32, gen_istft_phase="angle", gen_istft_padding="same",
    ),
}


def hifigan(name: str) -> HifiGan:
    torch.manual_seed(1)
    config = HIFIGAN_CONFIGS[name]
    tensors = network_tensors(HifiGanGenerator(config, SPEC))
    return HifiGan(Options(), Voice("hifigan", config.model_dump(), SPEC, tensors))


def vocos(convention_name: str) -> Vocos:
    torch.manual_seed(1)
    spec = convention(convention_name)
    config = VocosConfig(dim=32, intermediate_dim=64, num_layers=3)
    return Vocos(Options(), Voice("vocos", config.model_dump(), spec, network_tensors(VocosGenerator(config, spec))))


VOCODERS: dict[str, Callable[[], Vocoder]] = {
    **{f"hifigan {name}": lambda name=name: hifigan(name) for name in HIFIGAN_CONFIGS},
    **{f"vocos {name}": lambda name=name: vocos(name) for name in ("hifigan-22k", "vocos-24k", "studio-48k")},
}


def random_mel(vocoder: Vocoder, frames: int) -> Mel:
    values = np.random.default_rng(frames).normal(-5, 2, (vocoder.mel_spec.n_mels, frames))
    return Mel(values.astype(np.float32), vocoder.mel_spec)


@pytest.fixture(scope="module", params=VOCODERS)
def vocoder(request: pytest.FixtureRequest) -> Vocoder:
    return VOCODERS[request.param]()


@settings(max_examples=8, deadline=None)
@given(frames=st.integers(1, 100), chunk_frames=st.integers(4, 60))
def test_chunks_equal_the_single_pass(vocoder: Vocoder, frames: int, chunk_frames: int) -> None:
    mel = random_mel(vocoder, frames)
    chunked = Renderer(vocoder, chunk_frames=chunk_frames)(mel)
    whole = vocoder.render(mel.values)
    assert chunked.samples.shape == (1, frames * vocoder.mel_spec.hop_samples)
    np.testing.assert_allclose(chunked.samples[0], whole, atol=TOLERANCE * max(1.0, float(np.abs(whole).max())))


def test_the_context_is_what_the_network_reaches(vocoder: Vocoder) -> None:
    """A change of one frame alters nothing beyond the context, and something near its edge."""
    assert isinstance(vocoder, NetworkVocoder)
    context, hop = vocoder.context_frames, vocoder.mel_spec.hop_samples
    frames = 2 * context + 21
    middle = frames // 2
    network = vocoder.network.double()
    values = torch.from_numpy(random_mel(vocoder, frames).values).double()[None]
    changed = values.clone()
    changed[:, :, middle] += 3.0
    with torch.no_grad():
        difference = (network(values) - network(changed)).abs()[0].numpy()
    network.float()
    reached = np.flatnonzero(difference > 1e-13) // hop
    assert reached.min() >= middle - context
    assert reached.max() <= middle + context
    # Computed, not padded by guesswork: the outermost frame or two are really reached.
    assert max(middle - reached.min(), reached.max() - middle) >= context - 3


def test_a_signal_can_be_walked_through_twice_and_in_any_blocks() -> None:
    renderer = Renderer(vocos("hifigan-22k"), chunk_frames=40)
    mel = random_mel(renderer.vocoder, 130)
    signal = renderer.signal(mel)
    first = np.concatenate(list(signal.blocks(1000)), axis=1)
    again = np.concatenate(list(signal.blocks(77)), axis=1)
    np.testing.assert_array_equal(first, again)
    np.testing.assert_array_equal(first, renderer(mel).samples)
    assert signal.n_samples == first.shape[1]


def test_the_rate_of_the_audio_is_that_of_the_convention() -> None:
    assert Renderer(vocos("vocos-24k")).sample_rate == 24_000
    assert replace(SPEC, sample_rate=16_000).frame_rate_hz == 62.5
