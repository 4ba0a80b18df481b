"""Latents: an orthonormal transform and back, and a prior that knows the level of a noise from its mel."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

import numpy as np
import pytest
import torch

from vocolab.audio import Audio
from vocolab.mels.conventions import convention
from vocolab.mels.extract import extract
from vocolab.mels.spec import MelSpec
from vocolab_diffwave.config import DiffWaveConfig
from vocolab_diffwave.latents import Latents, Mdct, MelPrior, mdct_basis

SPEC = convention("hifigan-22k")
CONVENTIONS = ["hifigan-22k", "diffwave-22k", "tacotron2-22k", "vocos-24k", "pwg-24k", "studio-48k"]
PI_4 = np.sqrt(np.pi / 4)
"""Mean over root mean square of a spectrum's magnitude in Gaussian noise: what a mel of magnitudes falls short by."""


def config(**values: Any) -> DiffWaveConfig:
    return DiffWaveConfig(samples_per_group=64, **values)


@pytest.mark.parametrize("group", [2, 64, 256])
def test_the_mdct_is_orthonormal(group: int) -> None:
    basis = mdct_basis(group).astype(np.float64)
    np.testing.assert_allclose(basis @ basis.T, np.eye(group), atol=1e-6)
    neighbours = basis[:, group:] @ basis[:, :group].T
    np.testing.assert_allclose(neighbours, 0, atol=1e-6)


@pytest.mark.parametrize("values", [{}, {"fold": "mdct"}, {"fold": "mdct", "prior": "mel"}, {"prior": "mel"}])
def test_latents_come_back_as_the_audio(values: dict[str, Any]) -> None:
    random = torch.Generator().manual_seed(0)
    audio = torch.randn(2, 20 * 256, generator=random)
    mel = torch.rand(2, 80, 20, generator=random) * 4 - 6
    latents = Latents(config(**values), SPEC)
    encoded = latents.encode(audio, mel)
    assert encoded.shape == (2, 64, 80)
    edge = 32 if "fold" in values else 0  # half a group at either end laps with nothing
    inner = slice(edge, audio.shape[1] - edge)
    torch.testing.assert_close(latents.decode(encoded, mel)[:, inner], audio[:, inner], atol=2e-5, rtol=1e-4)


def test_a_group_holds_what_is_in_its_own_samples() -> None:
    """A click in group 5 is in the latents of the groups beside it and nowhere else."""
    audio = torch.zeros(1, 64 * 12)
    audio[0, 5 * 64 + 40] = 1.0
    energy = Mdct(64)(audio)[0].square().sum(dim=0)
    assert set(np.flatnonzero(energy.numpy() > 1e-9)) <= {4, 5, 6}
    assert int(energy.argmax()) == 5
    assert float(energy.sum()) == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize("name", CONVENTIONS)
@pytest.mark.parametrize("fold", ["mdct", "samples"])
def test_the_prior_finds_the_level_of_noise(name: str, fold: str) -> None:
    spec = convention(name)
    level = 0.03
    noise = np.random.default_rng(2).normal(0, level, 100 * spec.hop_samples).astype(np.float32)
    latents = Latents(config(fold=fold, prior="mel"), spec)
    mel = torch.from_numpy(extract(Audio.mono(noise, spec.sample_rate), spec).values)[None, :, :100]
    assert latents.prior is not None
    deviation = latents.prior(mel)[0, :, 8:-8]
    inside = covered(spec, deviation.shape[0])
    assert float(deviation[inside].square().mean().sqrt()) == pytest.approx(PI_4 * level, rel=0.12)


def covered(spec: MelSpec, rows: int) -> torch.Tensor:
    """Coefficients within the convention's bands."""
    hz = (torch.arange(rows) + 0.5) / rows * spec.sample_rate / 2
    return (hz > 1.1 * spec.fmin_hz + 100) & (hz < 0.95 * spec.fmax_hz) if rows > 1 else torch.ones(1, dtype=torch.bool)


def test_noise_through_the_prior_has_the_mel_it_came_from() -> None:
    """A loud low half and a quiet high half, one after the other in time."""
    spec = SPEC
    mel = torch.full((1, 80, 60), -8.0)
    mel[:, :40, :30] = -3.0
    mel[:, 40:, 30:] = -3.0
    latents = Latents(config(fold="mdct", prior="mel"), spec)
    white = torch.randn(1, 64, 240, generator=torch.Generator().manual_seed(1))
    again = extract(Audio(latents.decode(white, mel).numpy(), spec.sample_rate), spec).values
    for frames in (slice(5, 25), slice(35, 55)):
        wanted = mel[0, :, frames].mean(dim=1).numpy()
        difference = again[:, frames].mean(axis=1) - wanted
        loud = wanted > -4
        assert abs(float(difference[loud].mean())) < 0.3  # nepers
        assert float(again[:, frames].mean(axis=1)[loud].mean() - again[:, frames].mean(axis=1)[~loud].mean()) > 3.0


@pytest.mark.parametrize(("padding", "frame_samples"), [("hifigan", 128), ("center", 0)])
@pytest.mark.parametrize("group", [1, 64, 256])
def test_deviations_stand_at_the_middle_of_their_group(
    group: int, padding: Literal["hifigan", "center"], frame_samples: int
) -> None:
    """Of a level that rises by one neper a frame the deviation's logarithm is the time in frames, edge to edge."""
    spec = replace(SPEC, padding=padding)
    prior = MelPrior(DiffWaveConfig(samples_per_group=group, prior="mel"), spec)
    frames = 6
    rising = torch.arange(frames, dtype=torch.float32).expand(1, 80, frames) - 8.0
    nepers = (prior(rising) / prior(torch.full((1, 80, 1), -8.0))[:, :, :1]).log()[0, 0].numpy()
    middles = (np.arange(frames * 256 // group) + 0.5) * group
    np.testing.assert_allclose(nepers, np.clip((middles - frame_samples) / 256, 0, frames - 1), atol=2e-5)


def test_silence_is_not_divided_by_nothing() -> None:
    latents = Latents(config(fold="mdct", prior="mel"), SPEC)
    silent = torch.full((1, 80, 8), SPEC.silence)
    encoded = latents.encode(torch.zeros(1, 8 * 256), silent)
    assert bool(torch.isfinite(encoded).all())
    noise = latents.decode(torch.ones(1, 64, 32), silent)
    assert float(noise.abs().max()) < 2e-4
