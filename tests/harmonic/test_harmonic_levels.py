"""Band gains in training are those of a rendering, and gradients go through them."""

from __future__ import annotations

import numpy as np
import pytest

from vocolab.audio import Audio
from vocolab.mels.conventions import convention
from vocolab.mels.extract import extract
from vocolab.postfilters.bands import Bands
from vocolab.postfilters.levelling import LevellingStream

torch = pytest.importorskip("torch")

from vocolab_harmonic.levels import BandGains  # noqa: E402

HOP = 256
FRAMES = 60


def noise(seed: int) -> np.ndarray:
    """White, of 60 frames, its level rising from end to end."""
    draw = np.random.default_rng(seed).standard_normal(FRAMES * HOP)
    return (0.1 * draw * np.linspace(0.1, 1, draw.size)).astype(np.float32)


@pytest.mark.parametrize("rounds", [1, 4])
def test_they_are_those_of_a_rendering(rounds: int) -> None:
    spec = convention("hifigan-22k")
    mel = extract(Audio.mono(noise(1), spec.sample_rate), spec).values
    stream = LevellingStream(Bands(spec), rounds)
    wanted = np.concatenate([stream.push(noise(2), mel), stream.finish()])
    got = BandGains(spec)(torch.from_numpy(noise(2))[None], torch.from_numpy(mel)[None], rounds)[0].numpy()
    np.testing.assert_allclose(got, wanted, atol=1e-5)


def test_no_round_changes_nothing() -> None:
    spec = convention("hifigan-22k")
    audio = torch.from_numpy(noise(3))[None]
    assert torch.equal(BandGains(spec)(audio, torch.zeros(1, spec.n_mels, FRAMES), 0), audio)


def test_gradients_are_finite_also_from_silence() -> None:
    spec = convention("hifigan-22k")
    audio = torch.zeros(1, FRAMES * HOP, requires_grad=True)
    BandGains(spec)(audio, torch.full((1, spec.n_mels, FRAMES), -4.0), 3).square().sum().backward()
    assert audio.grad is not None and bool(torch.isfinite(audio.grad).all())
