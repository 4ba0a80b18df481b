"""WaveGlow's older layouts and iSTFTNet's heads, as the published code computes them."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

import numpy as np
import pytest
import torch
import yaml
from cases import assert_close, checkpoint_of, converted, spec_of
from spellings import Whole, case, under

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


PREPROCESSOR = {
    "nfilt": 80, "lowfreq": 0, "highfreq": None, "n_fft": 1024, "n_window_size": 1024, "n_window_stride": 256,
    "pad_to": 16, "pad_value": -11.52, "sample_rate": 44100, "window": "hann", "normalize": None, "preemph": None,
    "dither": 0.0, "frame_splicing": 1, "log": True, "log_zero_guard_type": "clamp", "log_zero_guard_value": 1e-05,
    "mag_power": 1.0, "stft_conv": True,
}
NETWORK = {
    "n_flows": 6, "n_group": 8, "n_early_every": 4, "n_early_size": 2, "n_mel_channels": 80, "n_wn_channels": 16,
    "n_wn_layers": 3, "wn_kernel_size": 3,
}
NEMO: dict[str, dict[str, object]] = {
    "today's": {"preprocessor": PREPROCESSOR, "waveglow": {"_target_": "WaveGlowModule", **NETWORK}},
    "of the first releases": {
        "preprocessor": {"cls": "FilterbankFeatures", "params": PREPROCESSOR},
        "waveglow": {"cls": "WaveGlowModule", "params": NETWORK},
    },
    "a training's": {"name": "WaveGlow", "model": {"preprocessor": PREPROCESSOR, "waveglow": NETWORK}, "trainer": {}},
}


@pytest.mark.parametrize("config", NEMO)
def test_nemo_says_its_rate(config: str, shared: Path, tmp_path: Path) -> None:
    known = case(shared / "conformance" / "waveglow")
    torch.save(under("waveglow.", known.state), tmp_path / "model_weights.ckpt")
    (tmp_path / "model_config.yaml").write_text(yaml.safe_dump(NEMO[config]))
    with tarfile.open(tmp_path / "waveglow.nemo", "w") as archive:
        for name in ("model_weights.ckpt", "model_config.yaml"):
            archive.add(tmp_path / name, f"./{name}")
            (tmp_path / name).unlink()
    spec = spec_of(convert(tmp_path / "waveglow.nemo"))
    assert (spec.sample_rate, spec.fmax_hz, spec.hop_samples) == (44100, 22050, 256)


@pytest.mark.parametrize("stated", ["glow", "glow_old"])
def test_a_pickled_class_of_an_unknown_file_says_nothing(stated: str, shared: Path, tmp_path: Path) -> None:
    torch.save(Whole(case(shared / "conformance" / "waveglow_2019").state), tmp_path / "waveglow.pt")
    with pytest.raises(CheckpointError, match="give --layout glow or --layout glow_old"):
        convert(tmp_path / "waveglow.pt")
    coupling = convert(tmp_path / "waveglow.pt", layout=stated).voice.config["coupling"]
    assert coupling == ("second half" if stated == "glow" else "halves in turn")


def test_a_hop_that_the_upsampling_does_not_make(shared: Path, tmp_path: Path) -> None:
    known = case(shared / "conformance" / "waveglow")
    torch.save(known.state, tmp_path / "waveglow.pt")
    config = {"waveglow_config": known.config, "data_config": {"hop_length": 512, "sampling_rate": 44100}}
    (tmp_path / "config.json").write_text(json.dumps(config))
    with pytest.raises(CheckpointError, match=r"steps by 256 a frame .* the hop of its mels is 512"):
        convert(tmp_path / "waveglow.pt")
