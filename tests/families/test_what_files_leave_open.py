"""Facts that decide the sound and that a file may not say: read, said as assumed, or asked for with the readings."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import torch
import yaml
from cases import assert_close, spec_of
from conformance import arrays
from spellings import case

from vocolab.api import convert
from vocolab.errors import CheckpointError
from vocolab.options import Options
from vocolab_melgan.vocoder import MelGan


def with_config(shared: Path, name: str, folder: Path, config: dict[str, Any] | None) -> Path:
    """A case's weights with another config beside them, or none."""
    known, path = case(shared / "conformance" / name), folder / "checkpoint.pt"
    torch.save({"generator": known.state}, path)
    if (known.folder / "stats.h5").exists():
        (folder / "stats.h5").write_bytes((known.folder / "stats.h5").read_bytes())
    if config is not None:
        (folder / "config.yaml").write_text(yaml.safe_dump(json.loads(json.dumps(config))))
    return path


def config_of(shared: Path, name: str) -> dict[str, Any]:
    return case(shared / "conformance" / name).config


def without(config: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in config.items() if key not in keys}


def test_bands_without_a_config_have_two_readings(shared: Path, tmp_path: Path) -> None:
    path = with_config(shared, "multiband_melgan", tmp_path, None)
    with pytest.raises(CheckpointError, match=r"0\.142 in ParallelWaveGAN since 0\.4\.3 and 0\.15 before.*"
                                              r"--layout pqmf_0\.142 or --layout pqmf_0\.15"):
        convert(path, mel_spec="pwg-22k")
    data = arrays(shared / "conformance" / "multiband_melgan")
    mel = (data["mel"] - data["mean"][:, None]) / data["scale"][:, None]
    for layout, output in (("pqmf_0.142", "audio"), ("pqmf_0.15", "audio_version_0.4.2")):
        conversion = convert(path, mel_spec="pwg-22k", layout=layout)
        assert any("slope" in said for said in conversion.assumptions)
        assert_close(MelGan(Options(), conversion.voice).render(mel.astype("float32")), data[output])


def test_a_config_without_a_version_is_read_as_its_code_does(shared: Path, tmp_path: Path) -> None:
    config = without(config_of(shared, "multiband_melgan"), "version")
    conversion = convert(with_config(shared, "multiband_melgan", tmp_path, config))
    assert conversion.voice.config["filter_cutoff"] == 0.15
    assert any("cutoff 0.15" in said and "--layout pqmf_0.142" in said for said in conversion.assumptions)


@pytest.mark.parametrize("key", ["snake_logscale", "activation", "upsample_rates"])
def test_what_bigvgans_weights_do_not_tell(key: str, shared: Path, tmp_path: Path) -> None:
    config = without(config_of(shared, "bigvgan_v2"), key)
    with pytest.raises(CheckpointError, match=f"the config lacks {key}, which the weights don't tell"):
        convert(with_config(shared, "bigvgan_v2", tmp_path, config))


def test_the_mels_of_hift_are_those_that_go_in(shared: Path, tmp_path: Path) -> None:
    config = config_of(shared, "hift_24k")
    config["feat_extractor"] = {**config["mel_spec_transform1"], "fmax": 8000}
    assert spec_of(convert(with_config(shared, "hift_24k", tmp_path, config))).fmax_hz == 8000


def test_the_causal_hift_is_named(shared: Path, tmp_path: Path) -> None:
    config = config_of(shared, "hift_24k")
    config["hift"]["conv_pre_look_right"] = 4
    with pytest.raises(CheckpointError, match="CosyVoice 3's causal HiFT"):
        convert(with_config(shared, "hift_24k", tmp_path, config))


def test_the_head_of_vocos_pads_otherwise_by_default(shared: Path, tmp_path: Path) -> None:
    config = config_of(shared, "vocos")
    del config["head"]["init_args"]["padding"]
    with pytest.raises(CheckpointError, match="its head has padding 'same' and its features 'center'"):
        convert(with_config(shared, "vocos", tmp_path, config))


ABSENT: dict[str, tuple[str, tuple[str, ...], str, str]] = {
    "Vocos' features": ("vocos", ("feature_extractor", "init_args"), "sample_rate", "sample_rate 24000, as the f"),
    "HiFT's rate": ("hift_22k", ("hift",), "sampling_rate", "sampling_rate 22050, as CosyVoice's class"),
    "HiFT's limit": ("hift_24k", ("hift",), "audio_limit", "audio_limit 0.99, as CosyVoice's class"),
    "HiFTNet's head": ("hiftnet", (), "gen_istft_n_fft", "gen_istft_n_fft 16, as HiFTNet"),
    "UnivNet's slope": ("univnet_c16", ("gen",), "lReLU_slope", "lReLU_slope 0.2, as UnivNet"),
    "UnivNet's dilations": ("univnet_c32", ("gen",), "dilations", r"dilations \[1, 3, 9, 27\], as UnivNet"),
    "Parallel WaveGAN's stacks": ("parallel_wavegan", ("generator_params",), "stacks", "stacks 3, as Parallel"),
    "multi-band's slope": ("multiband_melgan", ("generator_params",), "stacks", "negative_slope 0.2, as ParallelWave"),
    "NSF's rates": ("nsf_hifigan", (), "upsample_rates", "upsample_rates from the shapes"),
    "DiffWave's channels": ("diffwave", (), "residual_channels", "params lack residual_channels: taken as published"),
    "WaveGlow's mels": ("waveglow", (), "n_flows", "tacotron2-22k was assumed"),
}


@pytest.mark.parametrize("what", ABSENT)
def test_a_default_is_said_and_kept_with_the_voice(what: str, shared: Path, tmp_path: Path) -> None:
    name, path, key, told = ABSENT[what]
    config = config_of(shared, name)
    table = config
    for step in path:
        table = table[step]
    del table[key]
    if name == "diffwave":  # its sizes have to be the published ones, or they would be missed
        with pytest.raises(CheckpointError, match="asks for"):
            convert(with_config(shared, name, tmp_path, config))
        return
    conversion = convert(with_config(shared, name, tmp_path, config))
    assert any(re.search(told, said) for said in conversion.assumptions), conversion.assumptions
    assert conversion.voice.provenance["assumed"] == list(conversion.assumptions)
