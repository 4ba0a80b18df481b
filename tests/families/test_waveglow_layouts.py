"""WaveGlow's older layouts and iSTFTNet's heads, as the published code computes them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from cases import assert_close, checkpoint_of, converted

from vocolab.api import convert
from vocolab.errors import CheckpointError
from vocolab.options import Options
from vocolab_hifigan.vocoder import HifiGan
from vocolab_waveglow.options import WaveGlowOptions
from vocolab_waveglow.vocoder import WaveGlowVocoder


@pytest.mark.parametrize(
    ("name", "layout"),
    [("waveglow", None), ("waveglow_2018", "glow"), ("waveglow_2019", "glow"), ("waveglow_old", "glow_old")],
)
def test_waveglow(name: str, layout: str | None, shared: Path, tmp_path: Path) -> None:
    conversion, data = converted(shared, name, tmp_path, layout=layout)
    latent = np.concatenate([data["noise_1"], data["noise_0"]]).T.ravel() * np.float32(0.6)
    rendered = WaveGlowVocoder(WaveGlowOptions(), conversion.voice).render(data["mel"], latent=latent)
    assert_close(rendered, data["audio_sigma0.6"])


@pytest.mark.parametrize("name", ["waveglow_2018", "waveglow_2019", "waveglow_old"])
def test_what_the_file_does_not_say_is_asked_for(name: str, shared: Path, tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="give --layout glow or --layout glow_old"):
        convert(checkpoint_of(shared, name, tmp_path))


@pytest.mark.parametrize("name", ["istftnet", "istftnet_20_5"])
def test_istftnet(name: str, shared: Path, tmp_path: Path) -> None:
    conversion, data = converted(shared, name, tmp_path)
    assert_close(HifiGan(Options(), conversion.voice).render(data["mel"]), data["audio"])


def test_an_istft_head_that_the_config_keeps_silent_about(shared: Path, tmp_path: Path) -> None:
    path = checkpoint_of(shared, "istftnet_20_5", tmp_path)
    config = json.loads((tmp_path / "config.json").read_text())
    silent = {key: value for key, value in config.items() if not key.startswith("gen_istft")}
    (tmp_path / "config.json").write_text(json.dumps(silent))
    conversion = convert(path)
    assert any("inverse STFT of 20 with a hop of 5" in said for said in conversion.assumptions)
