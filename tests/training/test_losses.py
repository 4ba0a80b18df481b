"""The losses are what their equations say, and the mels of training are those of the conventions."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from vocolab.audio import Audio
from vocolab.mels.conventions import convention, convention_names
from vocolab.mels.extract import extract
from vocolab.training.losses import SpectralLoss, log_distance, spectral_convergence
from vocolab.training.recipe import LossOptions
from vocolab.training.spectra import LogMel

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
