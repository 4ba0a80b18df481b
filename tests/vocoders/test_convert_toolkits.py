"""HiFi-GAN of SpeechBrain, coqui, NeMo and transformers: recognised, converted, and sounding as it did."""

from __future__ import annotations

import io
import json
import re
import tarfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import yaml
from hifigan_checkpoints import (
    COQUI_CONFIG,
    NEMO_CONFIG,
    SPEECHBRAIN_CONFIG,
    SPEECHT5_CONFIG,
    SPEECHT5_SIZES,
    TOLERANCE,
    assert_same_sound,
    converted,
    speechbrain_names,
    wrapped,
)
from published_hifigan import mel, published
from safetensors.torch import save_file

from vocolab.errors import CheckpointError
from vocolab.mels.conventions import convention
from vocolab.mels.convert import convert as convert_mel
from vocolab.mels.mel import Mel
from vocolab.options import Options
from vocolab_hifigan.vocoder import HifiGan

# SpeechBrain


@pytest.mark.parametrize("n_frames", [20, 4, 2, 1])
def test_speechbrain_pads_by_reflection(n_frames: int, tmp_path: Path) -> None:
    generator = published(reflect=True)
    torch.save(speechbrain_names(generator.state), tmp_path / "generator.ckpt")
    text = yaml.safe_dump(SPEECHBRAIN_CONFIG) + "generator: !new:speechbrain.lobes.models.HifiGAN.HifiganGenerator\n" \
        "    in_channels: !ref <in_channels>\n    upsample_factors: !ref <upsample_factors>\n"
    (tmp_path / "hyperparams.yaml").write_text(text)
    conversion = converted(tmp_path)
    assert conversion.layout == "SpeechBrain's names, weight norm as weight_g and weight_v"
    assert conversion.voice.mel_spec == convention("speechbrain-22k")
    assert conversion.assumptions == ()
    if n_frames >= 4:  # below, SpeechBrain can't reflect
        assert_same_sound(conversion, generator, n_frames)
    else:
        rendered = HifiGan(Options(), conversion.voice).render(mel(n_frames).numpy())
        assert rendered.shape == (n_frames * 256,)


def test_speechbrain_without_audio_settings_says_what_is_assumed(tmp_path: Path) -> None:
    generator = published(reflect=True, without_bias=("conv_post",))
    torch.save(speechbrain_names(generator.state), tmp_path / "generator.ckpt")
    config = {key: value for key, value in SPEECHBRAIN_CONFIG.items() if not key.startswith(("sample", "hop", "mel_"))}
    (tmp_path / "hyperparams.yaml").write_text(yaml.safe_dump({**config, "conv_post_bias": False}))
    conversion = converted(tmp_path)
    assert conversion.assumptions == (
        "sample_rate, hop_length, mel_fmin, mel_fmax, mel_scale, mel_normalized as in speechbrain-22k: the config does "
        "not say",
    )
    assert_same_sound(conversion, generator)


def test_speechbrain_with_the_config_of_its_interface_beside(tmp_path: Path) -> None:
    generator = published(reflect=True)
    torch.save(speechbrain_names(generator.state), tmp_path / "generator.ckpt")
    (tmp_path / "config.json").write_text('{"speechbrain_interface": "HIFIGAN"}')
    alone = converted(tmp_path)
    assert alone.assumptions[0].startswith("upsample_rates, upsample_kernel_sizes")
    assert_same_sound(alone, generator)
    (tmp_path / "hyperparams.yaml").write_text(yaml.safe_dump(SPEECHBRAIN_CONFIG))
    assert converted(tmp_path).assumptions == ()


# coqui


@pytest.mark.parametrize("wrap", [lambda state: {"model": state, "model_disc": {}},
                                  lambda state: {"model": wrapped(state, "model_g.") | {"model_d.x": torch.ones(1)}}])
def test_coqui(wrap: Any, tmp_path: Path) -> None:
    generator = published()
    torch.save(wrap(generator.state), tmp_path / "model_file.pth")
    (tmp_path / "config.json").write_text(json.dumps(COQUI_CONFIG))
    conversion = converted(tmp_path)
    assert conversion.layout == "coqui's checkpoint, weight norm as weight_g and weight_v"
    assert conversion.voice.mel_spec == replace(convention("tacotron2-22k"), clamp=1e-8)
    assert_same_sound(conversion, generator)


@pytest.mark.parametrize("symmetric", [True, False])
@pytest.mark.parametrize("clip", [True, False])
def test_coquis_normalised_decibels_are_a_convention(symmetric: bool, clip: bool, tmp_path: Path) -> None:
    torch.save({"model": published().state}, tmp_path / "model.pth")
    audio = {**COQUI_CONFIG["audio"], "log_func": "np.log10", "spec_gain": 20, "signal_norm": True, "max_norm": 4.0,
             "min_level_db": -100, "ref_level_db": 20, "symmetric_norm": symmetric, "clip_norm": clip}
    (tmp_path / "config.json").write_text(json.dumps({**COQUI_CONFIG, "audio": audio}))
    spec = converted(tmp_path).voice.mel_spec
    amplitudes = np.array([1e-9, 1e-6, 1e-3, 0.5, 30.0])
    levels = 20 * np.log10(np.maximum(1e-8, amplitudes)) - 20
    share = (levels + 100) / 100
    expected = 8 * share - 4 if symmetric else 4 * share
    if clip:
        expected = np.clip(expected, -4 if symmetric else 0, 4)
    ours = spec.log_gain * np.log10(np.maximum(spec.clamp, amplitudes)) + spec.log_offset
    if spec.clip is not None:
        ours = np.clip(ours, *spec.clip)
    np.testing.assert_allclose(ours, expected, atol=1e-9)


@pytest.mark.parametrize(("key", "value"), [("preemphasis", 0.97), ("stats_path", "scale_stats.npy"),
                                            ("do_amp_to_db_mel", False), ("log_func", "np.log2")])
def test_coqui_mels_that_no_convention_can_express(key: str, value: Any, tmp_path: Path) -> None:
    torch.save({"model": published().state}, tmp_path / "model.pth")
    (tmp_path / "config.json").write_text(json.dumps({**COQUI_CONFIG, "audio": {**COQUI_CONFIG["audio"], key: value}}))
    with pytest.raises(CheckpointError, match=rf"{key} is .*--mel-spec"):
        converted(tmp_path)
    assert converted(tmp_path, convention("tacotron2-22k")).assumptions == ()


# NeMo


def nested(state: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Residual blocks by stage, as newer NeMo has them."""
    def theirs(match: re.Match[str]) -> str:
        stage, block = divmod(int(match[1]), 2)
        return f"resblocks.{stage}.{block}."

    return {re.sub(r"resblocks\.(\d+)\.", theirs, name): tensor for name, tensor in state.items()}


def write_nemo(path: Path, state: dict[str, torch.Tensor], mode: str) -> Path:
    weights = io.BytesIO()
    others = {"mpd.discriminators.0.convs.0.bias": torch.zeros(4), "audio_to_melspec_precessor.fb": torch.zeros(3)}
    torch.save({**wrapped(state, "generator."), **others}, weights)
    config = yaml.safe_dump(NEMO_CONFIG).encode()
    with tarfile.open(path, mode) as archive:
        for name, data in (("./model_config.yaml", config), ("./model_weights.ckpt", weights.getvalue())):
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return path


@pytest.mark.parametrize("mode", ["w", "w:gz"])
@pytest.mark.parametrize("spell", [dict, nested])
def test_nemo(mode: Any, spell: Any, tmp_path: Path) -> None:
    generator = published()
    conversion = converted(write_nemo(tmp_path / "hifigan.nemo", spell(generator.state), mode))
    assert conversion.layout == "NeMo's checkpoint, weight norm as weight_g and weight_v"
    assert conversion.voice.mel_spec == convention("nemo-22k")
    assert conversion.assumptions == ()
    assert_same_sound(conversion, generator)


def test_nemos_weights_alone(tmp_path: Path) -> None:
    generator = published()
    torch.save(wrapped(generator.state, "generator."), tmp_path / "model_weights.ckpt")
    conversion = converted(tmp_path)
    assert conversion.voice.mel_spec == convention("nemo-22k")
    assert [assumption.split(":")[-1] for assumption in conversion.assumptions] == [
        " there is no config", " there is no model_config.yaml with a preprocessor"
    ]
    assert_same_sound(conversion, generator)


def test_nemo_mels_that_no_convention_can_express(tmp_path: Path) -> None:
    torch.save(wrapped(published().state, "generator."), tmp_path / "model_weights.ckpt")
    preprocessor = {**NEMO_CONFIG["preprocessor"], "log_zero_guard_type": "add"}
    (tmp_path / "model_config.yaml").write_text(yaml.safe_dump({**NEMO_CONFIG, "preprocessor": preprocessor}))
    with pytest.raises(CheckpointError, match="log_zero_guard_type is 'add'"):
        converted(tmp_path)


# transformers


@pytest.mark.parametrize("suffix", ["safetensors", "bin"])
def test_speecht5(suffix: str, tmp_path: Path) -> None:
    generator = published(sizes=SPEECHT5_SIZES)
    mean, scale = torch.linspace(-4, -2, 80), torch.linspace(0.5, 0.9, 80)
    state = {name.replace("ups.", "upsampler."): tensor.contiguous() for name, tensor in generator.state.items()}
    state |= {"mean": mean, "scale": scale}
    if suffix == "safetensors":
        save_file(state, tmp_path / "model.safetensors")
    else:
        torch.save(state, tmp_path / "pytorch_model.bin")
    (tmp_path / "config.json").write_text(json.dumps(SPEECHT5_CONFIG))
    conversion = converted(tmp_path)
    assert conversion.layout == "transformers's names, weight norm as weight_g and weight_v"
    assert conversion.assumptions[0].startswith("80 to 7600 Hz in log10")
    spec = conversion.voice.mel_spec
    assert replace(spec, mean=None, scale=None) == convention("speecht5-16k")
    assert_same_sound(conversion, generator)
    plain = Mel(mel().numpy(), convention("speecht5-16k"))
    rendered = HifiGan(Options(), conversion.voice).render(convert_mel(plain, spec).values)
    expected = generator.audio((mel() - mean[:, None]) / scale[:, None])
    np.testing.assert_allclose(rendered, expected.numpy(), atol=TOLERANCE, rtol=0)


def test_a_relative_that_does_not_normalise(tmp_path: Path) -> None:
    generator = published(sizes=SPEECHT5_SIZES, slope=0.05)
    state = {name.replace("ups.", "upsampler."): tensor for name, tensor in generator.state.items()}
    torch.save(state | {"mean": torch.zeros(80), "scale": torch.ones(80)}, tmp_path / "pytorch_model.bin")
    config = {**SPEECHT5_CONFIG, "normalize_before": False, "leaky_relu_slope": 0.05, "sampling_rate": 22050}
    (tmp_path / "config.json").write_text(json.dumps(config))
    conversion = converted(tmp_path)
    assert conversion.voice.mel_spec == convention("pwg-22k")
    assert_same_sound(conversion, generator)
