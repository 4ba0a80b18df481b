"""What people have in their folders instead of a checkpoint, or of half of one: each said as what it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from published_hifigan import MELS, SIZES, mel, published
from safetensors.torch import save_file

from vocolab.api import convert
from vocolab.errors import CheckpointError
from vocolab.options import Options
from vocolab_hifigan.vocoder import HifiGan

CONFIG: dict[str, Any] = {**SIZES, **MELS}


def beside(folder: Path, **changes: Any) -> None:
    (folder / "config.json").write_text(json.dumps({**CONFIG, **changes}))


@pytest.mark.parametrize(("content", "told"), [
    (b"", "the file is empty"),
    (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "pointer of git-lfs .*'git lfs pull'"),
    (b"<!doctype html>\n<html><body>Not found</body></html>", "a web page and not the weights"),
    (b"PK\x03\x04" + bytes(200), "truncated, or not a checkpoint"),
])
@pytest.mark.parametrize("name", ["g_02500000", "model.pt", "model.safetensors"])
def test_a_file_that_is_no_checkpoint(content: bytes, told: str, name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    beside(tmp_path)
    with pytest.raises(CheckpointError, match=told if name != "model.safetensors" or not content.startswith(b"PK")
                       else "truncated|damaged") as caught:
        convert(tmp_path / name)
    assert name in str(caught.value) and "\n" not in str(caught.value)


def test_half_of_a_checkpoint_in_shards(tmp_path: Path) -> None:
    state = published().state
    names = sorted(state)
    for number, part in enumerate((names[: len(names) // 2], names[len(names) // 2 :]), start=1):
        tensors = {name: state[name].contiguous() for name in part}
        save_file(tensors, tmp_path / f"model-0000{number}-of-00002.safetensors")
    beside(tmp_path)
    conversion = convert(tmp_path / "model-00001-of-00002.safetensors")
    rendered = HifiGan(Options(), conversion.voice).render(mel(12).numpy())
    np.testing.assert_allclose(rendered, published().audio(mel(12)).numpy(), atol=1e-6)
    (tmp_path / "model-00002-of-00002.safetensors").unlink()
    with pytest.raises(CheckpointError, match=r"one of 2 shards .*model-00002-of-00002\.safetensors is missing"):
        convert(tmp_path)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_weights_that_are_no_numbers_are_named(value: float, tmp_path: Path) -> None:
    state = dict(published().state)
    state["ups.1.bias"] = torch.full_like(state["ups.1.bias"], value)
    torch.save({"generator": state}, tmp_path / "g_1")
    beside(tmp_path)
    with pytest.raises(CheckpointError, match=r"ups\.1\.bias holds NaN or infinity"):
        convert(tmp_path / "g_1")


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_other_precisions_are_converted_and_said(dtype: torch.dtype, tmp_path: Path) -> None:
    torch.save({"generator": {name: tensor.to(dtype) for name, tensor in published().state.items()}}, tmp_path / "g_1")
    beside(tmp_path)
    conversion = convert(tmp_path / "g_1")
    assert f"weights stored as {str(dtype)[6:]}: converted to float32" in conversion.remarks
    assert {tensor.dtype for tensor in conversion.voice.tensors.values()} == {np.dtype(np.float32)}
    rendered = HifiGan(Options(), conversion.voice).render(mel(12).numpy())
    np.testing.assert_allclose(rendered, published().audio(mel(12)).numpy(), atol=0.05)


def test_a_hop_that_is_not_the_product_of_the_rates(tmp_path: Path) -> None:
    torch.save({"generator": published().state}, tmp_path / "g_1")
    beside(tmp_path, hop_size=200)
    with pytest.raises(CheckpointError, match=r"\[8, 8, 2, 2\] make 256 samples a frame; the hop is 200"):
        convert(tmp_path / "g_1")


def test_two_models_in_one_file(tmp_path: Path) -> None:
    torch.save({"first": published(0).state, "second": published(1).state}, tmp_path / "both.pt")
    beside(tmp_path)
    with pytest.raises(CheckpointError, match=r"holds 2 models .*say which with --key first"):
        convert(tmp_path / "both.pt")
    rendered = HifiGan(Options(), convert(tmp_path / "both.pt", key="second").voice).render(mel(12).numpy())
    np.testing.assert_allclose(rendered, published(1).audio(mel(12)).numpy(), atol=1e-6)
