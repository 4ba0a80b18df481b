"""DiffWave as a vocoder: exact lengths, noise tied to the absolute sample, chunks equal to the whole."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from vocolab.errors import OptionError
from vocolab.mels.conventions import convention
from vocolab.mels.mel import Mel
from vocolab.mels.spec import MelSpec
from vocolab.networks.weights import network_tensors
from vocolab.rendering import Renderer
from vocolab.testing import VocoderContract
from vocolab.voice import Voice
from vocolab_diffwave import denoiser as denoiser_module
from vocolab_diffwave import plugin
from vocolab_diffwave.config import DiffWaveConfig
from vocolab_diffwave.denoiser import MelDenoiser
from vocolab_diffwave.network import DiffWave as Network
from vocolab_diffwave.options import DiffWaveOptions, SamplerName
from vocolab_diffwave.plan import SEGMENT_FRAMES, Plan
from vocolab_diffwave.sampling import aligned_segments
from vocolab_diffwave.shapes import reach_groups
from vocolab_diffwave.vocoder import DiffWave

TOLERANCE = 1e-4
SPEC = replace(convention("hifigan-22k"), n_fft=256, win_samples=256, hop_samples=64, n_mels=20)
SMALL: dict[str, Any] = {"residual_layers": 4, "residual_channels": 8, "dilation_cycle_length": 3,
                         "embedding_channels": 16, "conditioner_channels": 12}
CONFIGS: dict[str, dict[str, Any]] = {
    "published": {},
    "groups of samples": {"samples_per_group": 16, "predict": "v", "noise_schedule": "cosine"},
    "mdct and prior": {
        "samples_per_group": 32, "fold": "mdct", "prior": "mel", "predict": "audio", "noise_schedule": "cosine",
        "mel_offset": -6.0, "mel_scale": 2.0,
    },
}
SAMPLERS: dict[str, dict[str, Any]] = {
    "fast": {}, "ancestral": {"sampler": "ancestral", "steps": 8}, "ddim": {"sampler": "ddim", "steps": 5, "eta": 0.7},
    "dpm-solver": {"sampler": "dpm-solver", "steps": 4},
    "adaptive": {"sampler": "adaptive", "steps": 5, "tolerance": 0.3},
}


def voice(name: str = "published", spec: MelSpec = SPEC) -> Voice:
    torch.manual_seed(3)
    config = DiffWaveConfig.model_validate({**SMALL, **CONFIGS[name]})
    return Voice("diffwave", config.model_dump(exclude_none=True), spec, network_tensors(Network(config, spec)))


def vocoder(name: str = "published", sampler: str = "fast", spec: MelSpec = SPEC) -> DiffWave:
    return DiffWave(DiffWaveOptions(**{"sampler": sampler, **SAMPLERS[sampler]}), voice(name, spec))


def random_mel(frames: int, spec: MelSpec = SPEC) -> np.ndarray:
    return np.random.default_rng(frames).normal(-5, 1.5, (spec.n_mels, frames)).astype(np.float32)


class TestPublishedDiffWave(VocoderContract):
    spec = next(iter(plugin.vocolab_vocoders()))
    voice = voice()


class TestGroupedDiffWave(VocoderContract):
    spec = next(iter(plugin.vocolab_vocoders()))
    voice = voice("mdct and prior")
    options = {"sampler": "dpm-solver", "steps": 4}  # noqa: RUF012


@pytest.mark.parametrize("name", CONFIGS)
@pytest.mark.parametrize("sampler", SAMPLERS)
def test_chunks_equal_the_whole(name: str, sampler: str) -> None:
    """At cuts that are random, but the same in every run."""
    made = vocoder(name, sampler)
    random = np.random.default_rng([len(name), len(sampler)])
    for _ in range(3):
        frames, chunk_frames = int(random.integers(2, 220)), int(random.integers(7, 90))
        mel = random_mel(frames)
        whole = made.render(mel, seed=4)
        chunked = Renderer(made, chunk_frames=chunk_frames)(Mel(mel, SPEC), seed=4).samples[0]
        assert whole.shape == chunked.shape == (frames * SPEC.hop_samples,)
        np.testing.assert_allclose(chunked, whole, atol=TOLERANCE * max(1.0, float(np.abs(whole).max())), rtol=0)


@pytest.mark.parametrize("name", CONFIGS)
def test_the_context_is_what_is_reached(name: str) -> None:
    """A change of one frame alters nothing beyond the context, and something well towards its edge.

    Not at the very edge: what gets there has passed the outermost taps of every layer at every step.
    """
    made = vocoder(name, "dpm-solver")
    made.network.double()
    made.latents.double()
    context, hop = made.context_frames, SPEC.hop_samples
    frames = 2 * context + 9
    values = torch.from_numpy(random_mel(frames)).double()[None]
    changed = values.clone()
    changed[:, :, frames // 2] += 2.0
    with torch.no_grad():
        difference = (doubled(made, values) - doubled(made, changed)).abs()[0].numpy()
    reached = np.flatnonzero(difference > 1e-15) // hop
    assert reached.min() >= frames // 2 - context
    assert reached.max() <= frames // 2 + context
    assert max(frames // 2 - reached.min(), reached.max() - frames // 2) >= context // 3


def doubled(made: DiffWave, mel: torch.Tensor) -> torch.Tensor:
    from vocolab_diffwave.sampling import sample, white_noise

    noise = white_noise(SPEC.hop_samples, made.latents.group, 0, mel.shape[2], 1)
    latent = sample(made.plan, MelDenoiser(made.network, mel), lambda k: noise(k).double(), (0, mel.shape[2]))
    return made.latents.decode(latent, mel)


@pytest.mark.parametrize("name", CONFIGS)
def test_pieces_and_forgotten_conditions_change_nothing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    mel = random_mel(20)
    whole = vocoder(name).render(mel)
    monkeypatch.setattr(denoiser_module, "piece_groups", lambda config: 137)
    np.testing.assert_allclose(vocoder(name).render(mel), whole, atol=1e-5)
    bytes_a_group = denoiser_module.condition_bytes_a_group(vocoder(name).network.config)
    monkeypatch.setattr(denoiser_module, "CONDITION_BYTES", 30 * bytes_a_group)
    np.testing.assert_allclose(vocoder(name).render(mel), whole, atol=1e-5)
    monkeypatch.setattr(denoiser_module, "CONDITION_BYTES", 0)
    np.testing.assert_allclose(vocoder(name).render(mel), whole, atol=1e-5)


def test_the_noise_stands_still() -> None:
    """The same frames at another place get the noise of that place, and a seed decides it."""
    made, mel = vocoder(), random_mel(30)
    assert not np.allclose(made.render(mel, first_frame=0, seed=1), made.render(mel, first_frame=3, seed=1))
    assert not np.allclose(made.render(mel, seed=1), made.render(mel, seed=2))


@pytest.mark.parametrize("hop", [60, 75, 61, 200, 300])
def test_any_hop_is_upsampled_to_its_length(hop: int) -> None:
    """A single bright frame stays where it is: its middle is the middle of what it becomes."""
    spec = replace(SPEC, hop_samples=hop, n_fft=1024, win_samples=1024)
    made = vocoder(spec=spec)
    assert made.render(random_mel(5)).shape == (5 * hop,)
    upsampler = made.network.spectrogram_upsampler
    for parameter in upsampler.parameters():
        parameter.fill_(1.0 if parameter.ndim > 1 else 0.0)
    mel = torch.zeros(1, 20, 9)
    mel[:, :, 4] = 1.0
    profile = upsampler(mel)[0].mean(dim=0)
    centre = float((profile * (torch.arange(9 * hop) + 0.5)).sum() / profile.sum())
    assert centre == pytest.approx(4.5 * hop, abs=1e-3)


def test_segments_stand_at_absolute_places() -> None:
    assert aligned_segments(0, 40) == [(0, 16), (16, 32), (32, 40)]
    assert aligned_segments(10, 40) == [(0, 6), (6, 22), (22, 30)]
    assert SEGMENT_FRAMES == 16


@pytest.mark.parametrize("sampler", ["ancestral", "ddim", "dpm-solver", "adaptive"])
def test_no_sampler_takes_more_steps_than_the_training(sampler: SamplerName) -> None:
    levels = Plan.of(DiffWaveOptions(sampler=sampler, steps=50), DiffWaveConfig()).levels
    assert len({level.step for level in levels}) == 50
    with pytest.raises(OptionError, match="steps: 51; the voice's schedule has 50"):
        Plan.of(DiffWaveOptions(sampler=sampler, steps=51), DiffWaveConfig())


def test_the_fast_sampler_has_its_own_number_of_steps() -> None:
    with pytest.raises(OptionError, match="6 steps of the voice's schedule"):
        Plan.of(DiffWaveOptions(steps=4), DiffWaveConfig())
    assert len(Plan.of(DiffWaveOptions(sampler="ddim", steps=4), DiffWaveConfig()).levels) == 4
    assert len(Plan.of(DiffWaveOptions(sampler="adaptive"), DiffWaveConfig(schedule_steps=4)).levels) == 4
    assert len(Plan.of(DiffWaveOptions(), DiffWaveConfig(sampler="dpm-solver", sampler_steps=5)).levels) == 5


_TEN_MINUTES = """
import resource
import numpy as np
from vocolab.mels.conventions import convention
from vocolab.mels.mel import Mel
from vocolab.networks.weights import network_tensors
from vocolab.rendering import Renderer
from vocolab.voice import Voice
from vocolab_diffwave.config import DiffWaveConfig
from vocolab_diffwave.network import DiffWave as Network
from vocolab_diffwave.options import DiffWaveOptions
from vocolab_diffwave.vocoder import DiffWave

spec = convention("hifigan-22k")
values = {"residual_layers": 2, "residual_channels": 16, "samples_per_group": 64, "conditioner_channels": 8}
voice = Voice("diffwave", values, spec, network_tensors(Network(DiffWaveConfig(**values), spec)))
renderer = Renderer(DiffWave(DiffWaveOptions(sampler="dpm-solver", steps=4), voice))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
mel = Mel(np.random.default_rng(0).uniform(-9, -3, (80, 600 * 22050 // 256)).astype(np.float32), spec)
samples = sum(chunk.size for chunk in renderer.signal(mel).chunks())
assert samples == mel.values.shape[1] * 256
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)
"""


@pytest.mark.slow
def test_ten_minutes_need_no_more_memory_than_a_chunk() -> None:
    """The mel itself takes 17 MB and its copies; the audio, were it kept, 53 MB."""
    run = subprocess.run([sys.executable, "-c", _TEN_MINUTES], capture_output=True, text=True, check=True)
    assert float(run.stdout) < 150.0


def test_what_the_published_network_may_hold_at_a_time_is_bounded() -> None:
    """Whatever the length: the conditions that are kept, and a piece with its surroundings in all live tensors."""
    config = DiffWaveConfig()
    piece = denoiser_module.piece_groups(config) + 2 * reach_groups(config)
    assert piece < 50_000
    assert denoiser_module.CONDITION_BYTES + piece * config.residual_channels * 4 * 12 < 0.7e9
