"""`vocolab convert`: what it says, what it writes, and what it refuses."""

from __future__ import annotations

import hashlib
import json
import os

import numpy as np
import pytest
import torch

from vocolab.mels.conventions import convention
from vocolab.voice import Voice

SIZES = {"resblock": "1", "upsample_rates": [8, 8, 4], "upsample_kernel_sizes": [16, 16, 8],
         "upsample_initial_channel": 16, "resblock_kernel_sizes": [3], "resblock_dilation_sizes": [[1, 3, 5]]}
MELS = {"num_mels": 80, "n_fft": 1024, "win_size": 1024, "hop_size": 256, "sampling_rate": 22050, "fmin": 0,
        "fmax": 8000}


def state():
    from vocolab_hifigan.config import HifiGanConfig
    from vocolab_hifigan.generator import HifiGanGenerator

    torch.manual_seed(0)
    return HifiGanGenerator(HifiGanConfig(**SIZES), convention("hifigan-22k")).state_dict()


@pytest.fixture
def checkpoint(tmp_path):
    torch.save({"generator": state()}, tmp_path / "g_00000001")
    (tmp_path / "config.json").write_text(json.dumps(SIZES | MELS))
    return tmp_path / "g_00000001"


def test_it_says_what_it_recognised_and_assumed(cli, checkpoint):
    result = cli("convert", "g_00000001", "-o", "voice.safetensors")
    assert result.code == 0, result.err
    assert result.out == ""
    lines = result.err.splitlines()
    assert lines[0] == "g_00000001 -> voice.safetensors"
    assert lines[1] == "recognised: hifigan, official, weight norm folded"
    assert lines[2].startswith("assumed: mels as hifi-gan makes them")
    assert "hifigan-22k (22050 Hz, 80 bands 0 to 8000 Hz, n_fft 1024, hop 256)" in result.err
    count = sum(tensor.numel() for tensor in state().values())
    assert f"{count:,} (float32" in result.err
    assert hashlib.sha256(checkpoint.read_bytes()).hexdigest() in result.err


def test_json_for_programs(cli, checkpoint):
    result = cli("convert", ".", "-o", "voice.safetensors", "--json", "--quiet", "--mel-spec", "nemo-22k")
    assert result.err == ""
    facts = result.json
    assert (facts["model"], facts["model_kind"]) == ("hifigan", "vocoder")
    assert facts["layout"] == "official, weight norm folded"
    assert facts["assumptions"] == []
    assert facts["convention"] == "nemo-22k"
    assert facts["provenance"]["source"] == "g_00000001"
    assert facts["provenance"]["source_sha256"] == hashlib.sha256(checkpoint.read_bytes()).hexdigest()
    assert facts["checkpoint"] == "."


def test_the_voice_renders_what_the_checkpoint_did(cli, checkpoint, tmp_path):
    from vocolab.options import Options
    from vocolab_hifigan.config import HifiGanConfig
    from vocolab_hifigan.generator import HifiGanGenerator
    from vocolab_hifigan.vocoder import HifiGan

    cli("convert", "g_00000001", "-o", "voice.safetensors")
    generator = HifiGanGenerator(HifiGanConfig(**SIZES), convention("hifigan-22k"))
    generator.load_state_dict(state())
    mel = np.random.default_rng(0).uniform(-9, -1, (80, 9)).astype(np.float32)
    expected = generator(torch.from_numpy(mel)[None])[0].detach().numpy()
    rendered = HifiGan(Options(), Voice.load(tmp_path / "voice.safetensors")).render(mel)
    np.testing.assert_allclose(rendered, expected, atol=1e-6)


def test_half_the_size(cli, checkpoint, tmp_path):
    cli("convert", "g_00000001", "-o", "whole.safetensors")
    assert cli("convert", "g_00000001", "-o", "half.safetensors", "--half").code == 0
    assert os.path.getsize("half.safetensors") < 0.6 * os.path.getsize("whole.safetensors")


FAMILIES = {
    "bigvgan": ["ups.0.0.weight", "resblocks.0.activations.0.act.alpha", "activation_post.act.alpha"],
    "vocos": ["backbone.embed.weight", "backbone.convnext.0.gamma", "backbone.norm.weight", "head.out.weight"],
    "waveglow": ["upsample.weight", "convinv.0.conv.weight", "WN.0.start.weight"],
    "diffwave": ["diffusion_embedding.projection1.weight", "residual_layers.0.dilated_conv.weight"],
    "hifigan": ["conv_pre.weight", "ups.0.weight", "resblocks.0.convs1.0.weight"],
}


@pytest.mark.parametrize("family", FAMILIES)
def test_a_checkpoint_of_another_family_says_which_one(cli, tmp_path, unchanged, family):
    torch.save({name: torch.ones(1) for name in FAMILIES[family]}, tmp_path / "weights.pt")
    unchanged()
    for named in set(FAMILIES) - {family}:
        result = cli("convert", "weights.pt", "--vocoder", named, "-o", "voice.safetensors")
        assert result.code == 1
        assert f"is a checkpoint of vocolab/{family}" in result.error
        assert f"not of {named}" in result.error


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("do_1", {"mpd": {"x": torch.ones(1)}, "msd": {"x": torch.ones(1)}}, "is discriminators"),
        ("x.pt", {"text_encoder.weight": torch.ones(1)}, "not a checkpoint that"),
        ("x.pt", [1, 2], "one list"),
    ],
)
def test_what_nobody_can_use(cli, tmp_path, unchanged, name, content, expected):
    torch.save(content, tmp_path / name)
    unchanged()
    result = cli("convert", name, "-o", "voice.safetensors")
    assert result.code == 1
    assert expected in result.error
    assert name in result.error


def test_names_that_a_terminal_would_obey(cli, tmp_path, unchanged):
    torch.save({"a\n\x1b[2Jb": torch.ones(1)}, tmp_path / "x.pt")
    unchanged()
    result = cli("convert", "x.pt", "-o", "voice.safetensors")
    assert "it holds a ?[2Jb" in result.error
    assert "\x1b" not in result.err


def test_a_voice_is_one_already(cli, voice_file, unchanged):
    unchanged()
    result = cli("convert", voice_file, "-o", "voice.safetensors")
    assert result.code == 1
    assert "is already a vocolab voice" in result.error


def test_folders(cli, checkpoint, tmp_path, unchanged):
    (tmp_path / "empty").mkdir()
    torch.save({}, tmp_path / "g_00000002")
    unchanged()
    assert "holds no weights" in cli("convert", "empty", "-o", "voice.safetensors").error
    assert "g_00000002: " in cli("convert", ".", "-o", "voice.safetensors").error  # the newest


def test_an_input_is_not_written_over(cli, tmp_path, unchanged):
    from safetensors.torch import save_file

    save_file(state(), tmp_path / "model.safetensors")
    (tmp_path / "config.json").write_text(json.dumps(SIZES | MELS))
    unchanged()
    for source in (".", "model.safetensors"):
        result = cli("convert", source, "-o", "model.safetensors")
        assert result.code == 2
        assert "is an input" in result.error


def test_a_name_that_is_no_voice(cli, checkpoint, unchanged):
    unchanged()
    result = cli("convert", "g_00000001", "-o", "voice.pt")
    assert result.code == 2
    assert "a voice is written as .safetensors" in result.error


def test_a_convention_without_a_name_is_told_by_the_nearest(cli, checkpoint, tmp_path):
    (tmp_path / "config.json").write_text(json.dumps(SIZES | MELS | {"fmax": 7000}))
    result = cli("convert", "g_00000001", "-o", "voice.safetensors")
    assert "hifigan-22k with fmax_hz 7000 (22050 Hz" in result.err
