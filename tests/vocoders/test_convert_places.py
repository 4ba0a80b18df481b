"""Where trainers put weights and configs: found, said, and asked for where several are meant."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import yaml
from hifigan_checkpoints import pwg_names, speechbrain_names
from published_hifigan import MELS, SIZES, Published, mel, published

from vocolab.api import convert
from vocolab.checkpoints import Conversion
from vocolab.errors import CheckpointError
from vocolab.options import Options
from vocolab_hifigan.vocoder import HifiGan

CONFIG: dict[str, Any] = {**SIZES, **MELS, "learning_rate": 0.0002, "seed": 1234, "dist_config": {"world_size": 1}}
State = dict[str, torch.Tensor]


class AttrDict(dict[str, Any]):
    """As forks keep their configuration in."""


class Generator(torch.nn.Module):
    """A module with a generator's tensors under their names, pickled whole."""

    def __init__(self, state: State) -> None:
        super().__init__()
        for name, tensor in state.items():
            parent: torch.nn.Module = self
            *path, leaf = name.split(".")
            for part in path:
                if part not in parent._modules:
                    parent.add_module(part, torch.nn.Module())
                parent = parent._modules[part]  # type: ignore[assignment]
            parent.register_parameter(leaf, torch.nn.Parameter(tensor))
        self.h = AttrDict(CONFIG)


def assert_same_sound(conversion: Conversion, generator: Published) -> None:
    values = mel(12)
    rendered = HifiGan(Options(), conversion.voice).render(values.numpy())
    np.testing.assert_allclose(rendered, generator.audio(values).numpy(), atol=1e-6, rtol=0)


def under(prefix: str, state: State) -> State:
    return {prefix + name: tensor for name, tensor in state.items()}


CONTENTS: dict[str, Callable[[State], Any]] = {
    "generator": lambda state: {"generator": state},
    "model_g": lambda state: {"model_g": state, "step": 5},
    "net_g": lambda state: {"state_dict": under("net_g.", state)},
    "vocoder": lambda state: {"model": under("vocoder.", state)},
    "two wrappers": lambda state: {"state_dict": under("module.model.generator.", state)},
    "a wrapper that nobody knows": lambda state: {"weights": under("our_net.", state)},
    "beside discriminators": lambda state: {
        "generator": state, "mpd": {"discriminators.0.convs.0.bias": torch.zeros(2)},
        "optim_g": {"state": {0: {"exp_avg": torch.zeros(2)}}, "param_groups": []},
    },
    "whole module": Generator,
    "nested as DiffSinger does": lambda state: {"state_dict": {"model_gen": state}, "optimizer_states": []},
}


@pytest.mark.parametrize("name", CONTENTS)
def test_weights_under_any_wrapper(name: str, tmp_path: Path) -> None:
    generator = published()
    torch.save(CONTENTS[name](generator.state), tmp_path / "x.pt")
    (tmp_path / "config.json").write_text(json.dumps(CONFIG))
    assert_same_sound(convert(tmp_path / "x.pt"), generator)


INSIDE: dict[str, Any] = {
    "hyper_parameters": CONFIG, "config": AttrDict(CONFIG), "hparams": argparse.Namespace(**CONFIG),
    "hp_str": yaml.safe_dump(CONFIG), "h": json.dumps(CONFIG, indent=1), "args": {"config": CONFIG},
}


@pytest.mark.parametrize("key", INSIDE)
def test_a_config_inside_the_file(key: str, tmp_path: Path) -> None:
    generator = published()
    torch.save({"generator": generator.state, key: INSIDE[key]}, tmp_path / "x.pt")
    conversion = convert(tmp_path / "x.pt")
    assert f"its config is {key} inside the file" in conversion.remarks
    assert_same_sound(conversion, generator)


def test_references_in_a_config_inside_the_file_are_followed(tmp_path: Path) -> None:
    generator = published()
    config = {**CONFIG, "sample_rate": 22050, "sampling_rate": "${sample_rate}"}
    torch.save({"generator": generator.state, "hparams": config}, tmp_path / "x.pt")
    assert_same_sound(convert(tmp_path / "x.pt"), generator)


def test_what_stands_beside_a_generator_has_to_be_trainings(tmp_path: Path) -> None:
    generator = published()
    state = {**under("generator.", generator.state), "discriminator.mpd.0.bias": torch.zeros(2)}
    torch.save({"state_dict": state}, tmp_path / "x.pt")
    (tmp_path / "config.json").write_text(json.dumps(CONFIG))
    assert_same_sound(convert(tmp_path / "x.pt"), generator)


@pytest.mark.parametrize(
    "place", ["config.json", "config_v1.json", "x.json", "hparams.yaml", "../config.yaml", "../hparams.yaml"]
)
def test_a_config_beside_the_file(place: str, tmp_path: Path) -> None:
    generator, folder = published(), tmp_path / "checkpoints"
    folder.mkdir()
    torch.save({"generator": generator.state}, folder / "x.pt")
    text = json.dumps(CONFIG) if place.endswith("json") else yaml.safe_dump(CONFIG)
    (folder / place).write_text(text)
    assert_same_sound(convert(folder / "x.pt"), generator)


def test_of_several_configs_the_one_that_fits_is_taken(tmp_path: Path) -> None:
    generator = published()
    torch.save({"generator": generator.state}, tmp_path / "generator_v1")
    for name, channels in (("config_v1.json", 32), ("config_v2.json", 64), ("config_v3.json", 16)):
        (tmp_path / name).write_text(json.dumps({**CONFIG, "upsample_initial_channel": channels}))
    conversion = convert(tmp_path)
    assert "config_v1.json is the one config beside it that fits" in conversion.remarks
    assert_same_sound(conversion, generator)


@pytest.mark.parametrize("key", ["ema", "generator_ema", "ema_model", "model_ema"])
def test_averages_win_over_raw_weights(key: str, tmp_path: Path) -> None:
    raw, averaged = published(0), published(1)
    torch.save({"generator": raw.state, key: averaged.state}, tmp_path / "x.pt")
    (tmp_path / "config.json").write_text(json.dumps(CONFIG))
    conversion = convert(tmp_path / "x.pt")
    assert any(f"running averages (EMA) in {key} taken" in remark for remark in conversion.remarks)
    assert_same_sound(conversion, averaged)


def test_two_models_in_one_file_are_asked_about(tmp_path: Path) -> None:
    first, second = published(0), published(1)
    torch.save({"small": first.state, "large": second.state}, tmp_path / "x.pt")
    (tmp_path / "config.json").write_text(json.dumps(CONFIG))
    with pytest.raises(CheckpointError, match=r"holds 2 models \(small: .*; large: .*\); say which with --key small"):
        convert(tmp_path / "x.pt")
    assert_same_sound(convert(tmp_path / "x.pt", key="large"), second)
    with pytest.raises(CheckpointError, match="holds nothing under 'huge'; it holds small, large"):
        convert(tmp_path / "x.pt", key="huge")


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision_is_said(dtype: torch.dtype, tmp_path: Path) -> None:
    torch.save({"generator": {n: t.to(dtype) for n, t in published().state.items()}}, tmp_path / "x.pt")
    (tmp_path / "config.json").write_text(json.dumps(CONFIG))
    kind = str(dtype).removeprefix("torch.")
    assert f"weights stored as {kind}: converted to float32" in convert(tmp_path / "x.pt").remarks


# What is wrong with a config, and with weights


@pytest.mark.parametrize(
    ("changes", "told"),
    [({"mystery": 3}, "mystery = '3'"), ({"hop_size": 300}, r"make 256 samples a frame; the hop is 300"),
     ({"upsample_initial_channel": 64}, r"conv_pre\.weight is \(32, 80, 7\), the config asks for \(64, 80, 7\)"),
     ({"num_mels": 100}, r"\(32, 80, 7\), the config asks for \(32, 100, 7\)"), ({"gin_channels": 256},
         "gin_channels")],
)
def test_a_config_of_another_model(changes: dict[str, Any], told: str, tmp_path: Path) -> None:
    torch.save({"generator": published().state}, tmp_path / "g_1")
    (tmp_path / "config.json").write_text(json.dumps({**CONFIG, **changes}))
    with pytest.raises(CheckpointError, match=told):
        convert(tmp_path / "g_1")


def test_without_a_config_what_only_the_code_says_follows_the_names(tmp_path: Path) -> None:
    """SpeechBrain's names mean padding by reflection; ParallelWaveGAN's a slope that its class has by default."""
    reflecting = published(reflect=True)
    torch.save(speechbrain_names(reflecting.state), tmp_path / "generator.ckpt")
    assert_same_sound(convert(tmp_path / "generator.ckpt"), reflecting)
    stretched = published(output_padding=True)
    torch.save(pwg_names(stretched.state), tmp_path / "pwg.pkl")
    conversion = convert(tmp_path / "pwg.pkl", mel_spec="pwg-22k")
    assert any("slope 0.1" in said for said in conversion.assumptions)
    assert conversion.voice.provenance["assumed"] == list(conversion.assumptions)
    assert_same_sound(conversion, stretched)
