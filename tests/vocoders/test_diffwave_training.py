"""What `vocolab train diffwave` trains."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import Generator, Tensor, nn

from vocolab.audio import Audio
from vocolab.errors import OptionError
from vocolab.mels.conventions import convention
from vocolab.mels.extract import extract
from vocolab.training.interfaces import OwnObjective
from vocolab.training.tasks.task import SegmentBatch
from vocolab_diffwave.options import DiffWaveOptions
from vocolab_diffwave.schedules import training_schedule
from vocolab_diffwave.training import TrainableDiffWave, build
from vocolab_diffwave.vocoder import DiffWave

SPEC = replace(convention("hifigan-22k"), n_fft=512, win_samples=512, hop_samples=128, n_mels=40)
SMALL: dict[str, Any] = {"residual_layers": 2, "residual_channels": 32, "dilation_cycle_length": 2,
                         "embedding_channels": 32, "conditioner_channels": 32}
GROUPED: dict[str, Any] = {
    **SMALL, "samples_per_group": 128, "fold": "mdct", "prior": "mel", "predict": "audio", "noise_schedule": "cosine",
    "sampler": "ancestral", "sampler_steps": 6, "mel_offset": -6.0, "mel_scale": 2.0, "objective": {"spectral": 0.3},
}


def trainable(model: dict[str, Any]) -> TrainableDiffWave:
    torch.manual_seed(0)
    return build(model, SPEC)


def example() -> tuple[Tensor, Tensor]:
    """A gliding harmonic sound with its mel."""
    frames = 48
    time_s = np.arange(frames * SPEC.hop_samples) / SPEC.sample_rate
    phase = 2 * np.pi * np.cumsum(180 + 30 * np.sin(2 * np.pi * time_s)) / SPEC.sample_rate
    sound = 0.05 * sum(np.sin(k * phase) / k for k in range(1, 20))
    audio = np.asarray(sound, dtype=np.float32)
    return torch.from_numpy(audio)[None], torch.from_numpy(extract(Audio.mono(audio, 22_050), SPEC).values)[None]


def loss(of: TrainableDiffWave, seed: int = 1) -> tuple[Tensor, dict[str, Tensor]]:
    audio, mel = example()
    return of.loss(of.network, SegmentBatch(Generator().manual_seed(seed), mel, audio))


@pytest.mark.parametrize("model", [SMALL, GROUPED], ids=["published", "grouped"])
def test_the_generator_decides_all_that_is_random(model: dict[str, Any]) -> None:
    made = trainable(model)
    assert isinstance(made, OwnObjective)
    nn.init.normal_(made.network.output_projection.weight)  # it begins at nothing, whatever goes in
    torch.rand(3)
    first, again, other = loss(made)[0], loss(made)[0], loss(made, seed=2)[0]
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_the_published_objective_is_the_l1_of_the_noise() -> None:
    """A network that gives nothing is wrong by the mean of |noise|, sqrt(2 / pi); one that knows it is not."""
    made = trainable(SMALL)

    class Silent(type(made.network)):  # type: ignore[misc]
        def forward(self, noisy: Tensor, step: Tensor, conditions: Any) -> Tensor:
            return torch.zeros_like(noisy)

    made.network.__class__ = Silent
    assert loss(made)[0].item() == pytest.approx(np.sqrt(2 / np.pi), rel=0.03)


def test_the_noise_that_is_added_is_the_schedules() -> None:
    """What the network sees at its step has the schedule's shares of signal and noise, fractions of steps included."""
    made = trainable(SMALL)
    seen: list[tuple[Tensor, Tensor]] = []
    original = type(made.network).forward

    class Watching(type(made.network)):  # type: ignore[misc]
        def forward(self, noisy: Tensor, step: Tensor, conditions: Any) -> Tensor:
            seen.append((noisy, step))
            return original(self, noisy, step, conditions)

    made.network.__class__ = Watching
    audio, mel = example()
    made.loss(made.network, SegmentBatch(Generator().manual_seed(3), mel.repeat(16, 1, 1), audio.repeat(16, 1)))
    noisy, steps = seen[0]
    assert len(set(steps.tolist())) == 16
    assert bool((steps != steps.floor()).any())
    assert float(steps.min()) >= 0 and float(steps.max()) <= 49
    schedule = training_schedule(made.config)
    for one, step in zip(noisy[:, 0], steps.tolist(), strict=True):
        level = schedule.at(step)
        share = float(torch.dot(one, audio[0]) / torch.dot(audio[0], audio[0]))
        assert share == pytest.approx(level.signal, abs=0.3)  # noise is far from orthogonal to so little audio
        remaining = one - level.signal * audio[0]
        assert float(remaining.std()) == pytest.approx(level.noise, rel=0.05)


@pytest.mark.parametrize(
    "model", [pytest.param(SMALL, marks=pytest.mark.slow), GROUPED], ids=["published", "grouped"]
)
def test_a_clip_is_learned(model: dict[str, Any]) -> None:
    made = trainable(model)
    optimizer = torch.optim.AdamW(made.network.parameters(), lr=2e-3)
    losses = []
    for step in range(40):
        value, parts = loss(made, seed=step)
        optimizer.zero_grad()
        value.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        losses.append(value.item())
        assert np.isfinite(losses[-1]) and "estimate" in parts
    assert np.mean(losses[-10:]) < 0.8 * np.mean(losses[:10])


def test_half_precision_is_the_networks_alone() -> None:
    made = trainable(GROUPED)
    nn.init.normal_(made.network.output_projection.weight, std=0.05)
    exact = loss(made)[0].item()
    given = example()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        rough, parts = made.loss(made.network, SegmentBatch(Generator().manual_seed(1), given[1], given[0]))
    assert rough.dtype == torch.float32
    assert all(part.dtype == torch.float32 for part in parts.values())
    assert rough.item() == pytest.approx(exact, rel=0.02)


def test_the_voice_renders_what_the_trainable_renders() -> None:
    made = trainable(GROUPED)
    _, mel = example()
    with torch.no_grad():
        rendered = made.render(made.network, torch.cat([mel, mel]), seed=5)
    voice = made.export(made.network.state_dict())
    assert "objective" not in voice.config
    by_voice = DiffWave(DiffWaveOptions(), voice).render(mel[0].numpy(), seed=5)
    np.testing.assert_allclose(rendered[1], by_voice, atol=1e-6)


def test_every_parameter_learns() -> None:
    made = trainable(GROUPED)
    nn.init.normal_(made.network.output_projection.weight)
    loss(made)[0].backward()  # type: ignore[no-untyped-call]
    idle = [name for name, p in made.network.named_parameters() if p.grad is None or not bool(p.grad.abs().sum() > 0)]
    assert idle == []


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ({"layers": 3}, "unknown option"), ({"samples_per_group": 100}, "does not divide"),
        ({"objective": {"weight": 1.0}}, "objective.weight"), ({"unconditional": True}, "takes no mel"),
        ({"n_mels": 80}, "the mel convention has 40"),
    ],
)
def test_what_a_recipe_can_not_mean_is_named(model: dict[str, Any], said: str) -> None:
    with pytest.raises(OptionError, match=said):
        build(model, SPEC)
