"""HiFi-GAN's stages in pieces: what one pass over the whole gives, whatever the pieces."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from tiny_voices import VOICES, voice

from vocolab.mels.plausible import plausible_mel
from vocolab.networks.tiling import tiled
from vocolab_hifigan import generator as module
from vocolab_hifigan.vocoder import HifiGan, build_generator

NAMES = [name for name in VOICES if name.startswith("hifigan")]


@pytest.mark.parametrize("name", NAMES)
def test_pieces_equal_the_whole(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_TILE_BYTES", 1)  # pieces as short as they get
    monkeypatch.setattr(module, "_REACHES_A_TILE", 1)
    tiny = voice(name)
    assert tiny.mel_spec is not None
    mel = plausible_mel(tiny.mel_spec, 61, np.random.default_rng(0))
    with torch.inference_mode():
        whole = build_generator(tiny)(torch.from_numpy(mel)[None])[0].numpy()
    assert np.abs(HifiGan(None, tiny).render(mel) - whole).max() < 1e-5  # type: ignore[arg-type]


@pytest.mark.parametrize(("steps", "tile"), [(1, 4), (9, 9), (10, 9), (29, 9)])
def test_pieces_are_put_where_they_belong(steps: int, tile: int) -> None:
    up = torch.nn.ConvTranspose1d(2, 3, 4, stride=2, padding=1)
    x = torch.randn(1, 2, steps)
    with torch.inference_mode():
        assert torch.allclose(tiled(up, x, rate=2, reach_steps=1, tile_steps=tile), up(x), atol=1e-6)
