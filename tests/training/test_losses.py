"""The losses are what their equations say, and the mels of training are those of the conventions."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from vocolab.audio import Audio
from vocolab.mels.conventions import convention, convention_names
from vocolab.mels.extract import extract
from vocolab.training.losses.complex_spectra import ComplexLoss
from vocolab.training.losses.phases import PhaseLoss, anti_wrapping
from vocolab.training.losses.reconstruction import Reconstruction
from vocolab.training.losses.spectral import MelLoss, SpectralLoss, log_distance, spectral_convergence
from vocolab.training.spectra import LogMel
from vocolab.training.tables import LossOptions

TOLERANCE = 2e-4
"""Log mels near their clamp differ by rounding between two FFTs."""


def noise(n_samples: int) -> torch.Tensor:
    return torch.from_numpy(np.random.default_rng(0).normal(0, 0.1, (2, n_samples)).astype(np.float32))


@pytest.mark.parametrize("name", convention_names())
def test_the_mel_of_training_is_that_of_the_convention(name: str) -> None:
    spec = convention(name)
    frames = 12
    audio = noise((frames - 1) * spec.hop_samples + spec.n_fft)
    given = LogMel(spec)(audio)[0].numpy()
    assert given.shape == (spec.n_mels, frames)
    # Cut by what a convention pads at the front, its frame i stands where the unpadded frame i does.
    front = (spec.n_fft - spec.hop_samples) // 2 if spec.padding == "hifigan" else spec.n_fft // 2
    whole = extract(Audio(audio[:1, front:].numpy(), spec.sample_rate), spec).values
    inside = slice(-(-front // spec.hop_samples), frames - 4)
    np.testing.assert_allclose(given[:, inside], whole[:, inside], atol=TOLERANCE)


def test_the_target_is_what_the_frames_stand_for() -> None:
    """A click in frame i's own hop of the target is what raises frame i."""
    spec = convention("hifigan-22k")
    log_mel = LogMel(spec)
    audio = torch.zeros(1, 15 * spec.hop_samples + spec.n_fft)
    target = log_mel.target(audio)
    assert target.shape[1] == log_mel(audio).shape[2] * spec.hop_samples
    front = (spec.n_fft - spec.hop_samples) // 2
    audio[0, front + 7 * spec.hop_samples + spec.hop_samples // 2] = 1.0
    assert int(log_mel(audio).sum(dim=1).argmax()) == 7


def test_equal_audio_has_no_loss_and_phase_does_not_count() -> None:
    loss = SpectralLoss(22_050, LossOptions())
    audio = noise(8192)
    assert float(loss(audio, audio)[0]) == 0.0
    assert float(loss(-audio, audio)[0]) == pytest.approx(0.0, abs=1e-5)


def test_a_gain_costs_its_logarithm_and_its_difference() -> None:
    magnitudes = torch.rand(2, 100, 20) + 0.5
    assert float(log_distance(2 * magnitudes, magnitudes)) == pytest.approx(np.log(2), rel=1e-5)
    assert float(spectral_convergence(1.25 * magnitudes, magnitudes)) == pytest.approx(0.25, rel=1e-5)
    total, parts = SpectralLoss(22_050, LossOptions(mel=1.0, stft=0.0))(2 * noise(8192), noise(8192))
    assert float(total) == pytest.approx(parts["mel"]) == pytest.approx(np.log(2), rel=1e-3)


def test_the_published_mel_loss_is_the_distance_of_log_mels() -> None:
    spec = convention("hifigan-22k")
    loss = MelLoss(spec)
    audio = noise(8192)
    assert float(loss(audio, audio)) == 0.0
    assert float(loss(3 * audio, audio)) == pytest.approx(np.log(3), rel=1e-3)
    assert loss(audio, audio).ndim == 0
    # One of its frames a hop, as hifi-gan pads, and bands up to half of the rate.
    assert loss._mel(audio).shape == (2, spec.n_mels, 8192 // spec.hop_samples)
    high = torch.sin(2 * torch.pi * 10_000 * torch.arange(8192) / 22_050)[None]
    assert float(loss(high, torch.zeros_like(high))) > 0.1


def test_a_turn_is_no_distance_and_half_a_turn_is_the_largest() -> None:
    angles = torch.tensor([0.0, 2 * np.pi, -4 * np.pi, np.pi / 2, -np.pi / 2, 3 * np.pi, 2 * np.pi + 0.25])
    expected = torch.tensor([0.0, 0.0, 0.0, np.pi / 2, np.pi / 2, np.pi, 0.25])
    torch.testing.assert_close(anti_wrapping(angles), expected, atol=1e-5, rtol=0)


def test_the_phase_loss_knows_phase_group_delay_and_its_time_derivative() -> None:
    loss = PhaseLoss(1024, 256)
    audio = noise(8192)
    assert float(loss(audio, audio)) == 0.0
    assert float(loss(2 * audio, audio)) == pytest.approx(0.0, abs=1e-4)
    # Inverted: pi off everywhere, but no difference of it along time or frequency.
    assert float(loss(-audio, audio)) == pytest.approx(np.pi, rel=1e-3)
    other = torch.from_numpy(np.random.default_rng(9).normal(0, 0.1, (2, 8192)).astype(np.float32))
    # Unlike signals: half a turn's half for each, a little less where neighbouring frames overlap.
    assert 1.2 * np.pi < float(loss(other, audio)) < 1.5 * np.pi


def test_the_phase_loss_has_gradients_that_are_numbers_even_for_silence() -> None:
    audio = torch.cat([noise(4096), torch.zeros(2, 4096)], dim=1).requires_grad_()
    PhaseLoss(1024, 256)(audio, noise(8192)).backward()
    assert audio.grad is not None and bool(audio.grad.isfinite().all()) and bool(audio.grad.abs().sum() > 0)


def test_the_complex_loss_hears_the_phase() -> None:
    loss = ComplexLoss((512, 1024, 2048))
    audio = noise(8192)
    assert float(loss(audio, audio)) == 0.0
    assert float(loss(0 * audio, audio)) == pytest.approx(1.0, rel=1e-5)
    assert float(loss(-audio, audio)) == pytest.approx(2.0, rel=1e-5)
    assert float(loss(audio.roll(3, dims=1), audio)) > 0.3
    assert float(SpectralLoss(22_050, LossOptions())(audio.roll(3, dims=1), audio)[0]) < 0.5 * float(
        SpectralLoss(22_050, LossOptions())(noise(8192).flip(1), audio)[0]
    )


def test_a_loss_without_weight_is_not_taken() -> None:
    spec = convention("hifigan-22k")
    audio = noise(8192)
    total, parts = Reconstruction(spec, LossOptions(mel=0.0, stft=0.0, mel_l1=45.0))(2 * audio, audio)
    assert list(parts) == ["mel_l1"] and float(total) == pytest.approx(45 * np.log(2), rel=1e-3)
    total, parts = Reconstruction(spec, LossOptions(mel=0.0, stft=2.0, stft_sizes=(512,), phase=0.5))(2 * audio, audio)
    assert float(total) == pytest.approx(2 * (1 + np.log(2)), rel=1e-3) and {"stft", "phase"} <= set(parts)
