"""The official HiFi-GAN in its spellings: recognised, converted, and sounding as it did; and what is no voice."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import torch
from hifigan_checkpoints import (
    assert_same_sound,
    converted,
    wrapped,
)
from published_hifigan import MELS, SIZES, published

from vocolab.checkpoints import fold_weight_norm, open_checkpoint
from vocolab.errors import CheckpointError
from vocolab.mels.conventions import convention
from vocolab_hifigan.convert import recognise


def parametrised(state: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    ends = {"weight_g": "parametrizations.weight.original0", "weight_v": "parametrizations.weight.original1"}
    return {re.sub("weight_[gv]$", lambda end: ends[end[0]], name): tensor for name, tensor in state.items()}


def folded(state: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    arrays = fold_weight_norm({name: tensor.numpy() for name, tensor in state.items()})
    return {name: torch.from_numpy(array) for name, array in arrays.items()}


OFFICIAL = {
    "official, weight norm as weight_g and weight_v": lambda state: {"generator": state},
    "official, weight norm as parametrizations": lambda state: {"generator": parametrised(state)},
    "official, weight norm folded": lambda state: {"generator": folded(state)},
    "bare state dict, weight norm as weight_g and weight_v": lambda state: state,
    "bare state dict, weight norm folded": lambda state: folded(wrapped(state, "module.")),
    "bare state dict, weight norm as weight_g and weight_v ": lambda state: wrapped(state, "_orig_mod.module."),
    "official, weight norm as weight_g and weight_v ": lambda state: {"generator": wrapped(state, "module.module.")},
}


@pytest.mark.parametrize("layout", OFFICIAL)
def test_the_official_checkpoint_in_its_spellings(layout: str, tmp_path: Path) -> None:
    generator = published()
    torch.save(OFFICIAL[layout](generator.state), tmp_path / "g_00000001")
    (tmp_path / "config.json").write_text(json.dumps({**SIZES, **MELS}))
    conversion = converted(tmp_path)
    assert conversion.layout == layout.strip()
    assert conversion.voice.mel_spec == convention("hifigan-22k")
    assert_same_sound(conversion, generator)


def test_v3_has_single_convolutions(tmp_path: Path) -> None:
    sizes = {"resblock": "2", "upsample_rates": [8, 8, 4], "upsample_kernel_sizes": [16, 16, 8],
             "resblock_kernel_sizes": [3, 5, 7], "resblock_dilation_sizes": [[1, 2], [2, 6], [3, 12]]}
    generator = published(sizes=sizes)
    torch.save({"generator": generator.state}, tmp_path / "g_1")
    (tmp_path / "config.json").write_text(json.dumps({**SIZES, **MELS, **sizes}))
    assert_same_sound(converted(tmp_path / "g_1"), generator)


def test_without_a_config_the_shapes_tell_and_the_rest_is_assumed(tmp_path: Path) -> None:
    generator = published()
    torch.save({"generator": generator.state}, tmp_path / "generator_v1")
    with pytest.raises(CheckpointError, match=r"no config; put config\.json"):
        converted(tmp_path / "generator_v1")
    conversion = converted(tmp_path / "generator_v1", convention("hifigan-22k"))
    assert "upsample_rates [8, 8, 2, 2]" in conversion.assumptions[0]
    assert conversion.voice.config["resblock_dilation_sizes"] == SIZES["resblock_dilation_sizes"]
    assert_same_sound(conversion, generator)


def test_what_a_config_leaves_open_is_assumed(tmp_path: Path) -> None:
    generator = published()
    torch.save({"generator": generator.state}, tmp_path / "g_1")
    config = {key: value for key, value in {**SIZES, **MELS}.items() if not key.startswith("resblock_d")}
    (tmp_path / "config.json").write_text(json.dumps(config))
    conversion = converted(tmp_path)
    assert conversion.assumptions[0].startswith("resblock_dilation_sizes from the shapes")
    assert_same_sound(conversion, generator)


# What is no voice


@pytest.mark.parametrize("shape", [(), (3,), (4, 4), (1, 1, 1), (0, 80, 7), (32, 80, 7, 1)])
@pytest.mark.parametrize("name", ["conv_pre.weight_v", "conv_pre.weight_g", "ups.0.bias", "conv_post.weight_v"])
@pytest.mark.parametrize("with_config", [True, False])
def test_tensors_of_the_wrong_shape(name: str, shape: tuple[int, ...], with_config: bool, tmp_path: Path) -> None:
    torch.save({"generator": published().state | {name: torch.ones(shape)}}, tmp_path / "g_1")
    if with_config:
        (tmp_path / "config.json").write_text(json.dumps({**SIZES, **MELS}))
    with pytest.raises(CheckpointError, match="g_1: ") as caught:
        converted(tmp_path, None if with_config else convention("hifigan-22k"))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "changes",
    [{"upsample_rates": "8"}, {"upsample_rates": [8, "8", 2, 2]}, {"upsample_rates": [0, 8, 2, 2]}, {"fmax": "x"},
     {"sampling_rate": None}, {"sampling_rate": "x", "fmax": None}, {"hop_size": 10**12}, {"num_mels": [80]},
     {"resblock_kernel_sizes": []}, {"upsample_initial_channel": 10**9}, {"n_fft": 1e400}, {"fmin": 9000}],
    ids=str,
)
def test_configs_with_nonsense_in_them(changes: dict[str, Any], tmp_path: Path) -> None:
    torch.save({"generator": published().state}, tmp_path / "g_1")
    (tmp_path / "config.json").write_text(json.dumps({**SIZES, **MELS, **changes}))
    with pytest.raises(CheckpointError, match="g_1: "):
        converted(tmp_path)


def test_discriminators_say_where_the_generator_is(tmp_path: Path) -> None:
    torch.save({"mpd": {"x": torch.ones(1)}, "msd": {"x": torch.ones(1)}, "optim_g": {}, "steps": 1}, tmp_path / "do_1")
    with pytest.raises(CheckpointError, match=r"do_1: holds discriminators \(mpd, msd\).*g_\*"):
        recognise(open_checkpoint(tmp_path / "do_1"))


def test_unknown_and_missing_keys_are_listed(tmp_path: Path) -> None:
    state = published().state
    state["cond_layer.weight"] = state.pop("resblocks.0.convs1.0.bias")
    torch.save({"generator": state}, tmp_path / "g_1")
    (tmp_path / "config.json").write_text(json.dumps({**SIZES, **MELS}))
    with pytest.raises(CheckpointError, match=r"lacks resblocks\.0\.convs1\.0\.bias; has cond_layer\.weight"):
        converted(tmp_path)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision_is_folded_in_full(dtype: torch.dtype, tmp_path: Path) -> None:
    generator = published()
    half = {name: tensor.to(dtype) for name, tensor in generator.state.items()}
    generator.state = {name: tensor.float() for name, tensor in half.items()}
    torch.save({"generator": half}, tmp_path / "g_1")
    (tmp_path / "config.json").write_text(json.dumps({**SIZES, **MELS}))
    assert_same_sound(converted(tmp_path), generator)
