"""Noise from outside: the very noise that a seed would have drawn gives what the seed gives."""

from __future__ import annotations

import numpy as np
import pytest

from vocolab.catalog import Catalog
from vocolab.errors import CallError
from vocolab.mels.plausible import plausible_mel
from vocolab.networks.noise import gaussian
from vocolab.rendering import open_vocoder

CATALOG = Catalog.installed(no_plugins=True)
FRAMES = 40


def test_waveglow_takes_its_latent() -> None:
    renderer = open_vocoder(CATALOG, "waveglow", refine=0)
    mel = plausible_mel(renderer.mel_spec, FRAMES, np.random.default_rng(1))
    latent = gaussian(5, 0, FRAMES * renderer.mel_spec.hop_samples) * np.float32(renderer.vocoder.sigma)  # type: ignore[attr-defined]
    drawn = renderer(mel, seed=5).samples
    np.testing.assert_allclose(renderer(mel, latent=latent).samples, drawn, atol=1e-6)
    renderer.chunk_frames = 16
    np.testing.assert_allclose(renderer(mel, latent=latent).samples, drawn, atol=1e-5)
    assert not np.allclose(renderer(mel, latent=0.5 * latent).samples, drawn, atol=1e-3)


def test_diffwave_takes_the_noise_of_each_draw() -> None:
    renderer = open_vocoder(CATALOG, "diffwave", refine=0)
    mel = plausible_mel(renderer.mel_spec, FRAMES, np.random.default_rng(1))
    samples = FRAMES * renderer.mel_spec.hop_samples
    noise = np.stack([gaussian(5, 0, samples, stream=draw) for draw in range(10)])
    drawn = renderer(mel, seed=5).samples
    np.testing.assert_allclose(renderer(mel, noise=noise).samples, drawn, atol=1e-6)
    with pytest.raises(CallError, match="has 1 lines, and this sampler draws more"):
        renderer(mel, noise=noise[0])
