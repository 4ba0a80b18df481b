"""Which file of a folder is meant, what a file is by its first bytes, and the config beside it."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.numpy import save_file

from vocolab.checkpoints import open_checkpoint, read_checkpoint
from vocolab.errors import CheckpointError
from vocolab.mels.conventions import convention
from vocolab.voice import Voice

STATE = {"layer.weight": np.ones((2, 3), np.float32)}


def write_torch(path: Path, value: float = 1.0) -> Path:
    torch.save({"layer.weight": torch.full((2,), value)}, path)
    return path


def test_a_folder_with_one_file_of_weights(tmp_path: Path) -> None:
    for name in ("config.json", "README.md", ".gitattributes", "preprocessor_config.json"):
        (tmp_path / name).write_text("{}")
    file = write_torch(tmp_path / "pytorch_model.bin")
    checkpoint = open_checkpoint(tmp_path)
    assert checkpoint.path == file
    assert checkpoint.config == {}
    assert checkpoint.config_path == tmp_path / "config.json"
    assert checkpoint.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert checkpoint.beside("README.md") == tmp_path / "README.md"
    assert checkpoint.beside("stats.npy") is None


def test_safetensors_goes_before_a_pickle_of_the_same(tmp_path: Path) -> None:
    write_torch(tmp_path / "pytorch_model.bin")
    save_file(STATE, tmp_path / "model.safetensors")
    assert open_checkpoint(tmp_path).path.name == "model.safetensors"


def test_what_only_training_needs_is_left_aside(tmp_path: Path) -> None:
    write_torch(tmp_path / "bigvgan_discriminator_optimizer.pt")
    write_torch(tmp_path / "bigvgan_generator.pt")
    assert open_checkpoint(tmp_path).path.name == "bigvgan_generator.pt"


def test_generators_without_a_suffix(tmp_path: Path) -> None:
    write_torch(tmp_path / "g_02500000")
    write_torch(tmp_path / "do_02500000")
    assert open_checkpoint(tmp_path).path.name == "g_02500000"


def test_several_files_of_weights_are_listed(tmp_path: Path) -> None:
    write_torch(tmp_path / "generator_v1")
    write_torch(tmp_path / "generator_v2")
    with pytest.raises(CheckpointError, match="2 files of weights: generator_v1, generator_v2; name one of them"):
        open_checkpoint(tmp_path)


def test_the_newest_of_several_steps_is_taken_and_said(tmp_path: Path) -> None:
    for name in ("g_00005000", "g_00150000", "do_00150000", "g_00010000"):
        write_torch(tmp_path / name)
    opened = open_checkpoint(tmp_path)
    assert opened.path.name == "g_00150000"
    assert opened.remarks == ("g_00150000 taken, the newest of 3 in the folder",)


def test_what_a_training_leaves_in_its_folder_is_passed_over(tmp_path: Path) -> None:
    for name in ("pytorch_model.bin", "optimizer.pt", "scheduler.pt", "training_args.bin", "rng_state_0.pth"):
        write_torch(tmp_path / name)
    assert open_checkpoint(tmp_path).path.name == "pytorch_model.bin"


def test_shards_are_joined_and_missing_ones_named(tmp_path: Path) -> None:
    for part in (1, 2):
        torch.save({f"layer.{part}": torch.ones(part)}, tmp_path / f"pytorch_model-0000{part}-of-00002.bin")
    assert set(open_checkpoint(tmp_path).content) == {"layer.1", "layer.2"}
    (tmp_path / "pytorch_model-00002-of-00002.bin").unlink()
    with pytest.raises(CheckpointError, match=r"one of 2 shards .*pytorch_model-00002-of-00002\.bin is missing"):
        open_checkpoint(tmp_path)


def test_a_folder_without_weights(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(CheckpointError, match="the folder holds no weights"):
        open_checkpoint(tmp_path)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 5\n", "pointer of git-lfs.*git lfs pull"),
        (b"<!DOCTYPE html>\n<html>", "a web page and not the weights"),
        (b"Rar!\x1a\x07", "RAR archive"),
        (b"\x89HDF\r\n\x1a\n", "HDF5"),
        (b"", "the file is empty"),
        (b"\x08\x07\x12\x07pytorch", "an ONNX graph"),
        (b"hello, this is a text\n", "not a checkpoint"),
    ],
)
@pytest.mark.parametrize("name", ["g_00000001", "model.safetensors", "pytorch_model.bin"])
def test_files_that_are_no_weights(content: bytes, expected: str, name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    if name == "model.safetensors" and expected == "not a checkpoint":
        expected = "not a safetensors file"
    with pytest.raises(CheckpointError, match=expected) as caught:
        open_checkpoint(tmp_path / name)
    assert "\n" not in str(caught.value)


def test_a_voice_is_one_already(tmp_path: Path) -> None:
    Voice("hifigan", {}, convention("hifigan-22k"), STATE).save(tmp_path / "voice.safetensors")
    with pytest.raises(CheckpointError, match="is already a vocolab voice"):
        open_checkpoint(tmp_path)


def test_a_file_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="there is no such file"):
        open_checkpoint(tmp_path / "g_1")


# safetensors


def test_safetensors_of_every_precision(tmp_path: Path) -> None:
    from safetensors.torch import save_file as save_torch

    tensors = {str(kind): torch.ones(3).to(kind) for kind in (torch.float32, torch.float16, torch.bfloat16)}
    save_torch(tensors, tmp_path / "named-otherwise.bin")
    content = read_checkpoint(tmp_path / "named-otherwise.bin")
    assert {name: tensor.dtype for name, tensor in content.items()} == {k: t.dtype for k, t in tensors.items()}


@pytest.mark.parametrize(
    "header",
    [
        {"x": {"dtype": "F32", "shape": [1 << 40], "data_offsets": [0, 4 << 40]}},
        {"x": {"dtype": "F32", "shape": [1 << 62, 1 << 62], "data_offsets": [0, 16]}},
        {"x": {"dtype": "F32", "shape": [4], "data_offsets": [16, 0]}},
        {"x": {"dtype": "F32", "shape": [-4], "data_offsets": [0, 16]}},
        {"x": {"dtype": "Z9", "shape": [4], "data_offsets": [0, 16]}},
        {"x": 3},
        {"x": {"dtype": "F32", "shape": [4], "data_offsets": [0, 16]},
         "y": {"dtype": "F32", "shape": [4], "data_offsets": [0, 16]}},
    ],
    ids=["terabytes", "overflow", "backwards", "negative", "dtype", "number", "overlap"],
)
def test_a_safetensors_header_that_lies(header: dict[str, Any], tmp_path: Path) -> None:
    text = json.dumps(header).encode()
    (tmp_path / "model.safetensors").write_bytes(len(text).to_bytes(8, "little") + text + bytes(16))
    with pytest.raises(CheckpointError, match="damaged"):
        read_checkpoint(tmp_path / "model.safetensors")


def test_a_safetensors_header_of_terabytes(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes((1 << 42).to_bytes(8, "little") + b'{"x":1}' + bytes(16))
    with pytest.raises(CheckpointError, match=f"header would be {1 << 42} bytes long"):
        read_checkpoint(tmp_path / "model.safetensors")


# Archives


def archive(path: Path, members: dict[str, bytes], mode: Any = "w") -> Path:
    with tarfile.open(path, mode) as file:
        for name, data in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            file.addfile(member, io.BytesIO(data))
    return path


def weights() -> bytes:
    stream = io.BytesIO()
    torch.save({"x": torch.arange(5.0)}, stream)
    return stream.getvalue()


@pytest.mark.parametrize("mode", ["w", "w:gz"])
def test_an_archive_of_nemo(mode: str, tmp_path: Path) -> None:
    members = {"./vocab.txt": b"abc", "./model_config.yaml": b"a: 1\n", "./model_weights.ckpt": weights()}
    checkpoint = open_checkpoint(archive(tmp_path / "model.nemo", members, mode))
    assert torch.equal(checkpoint.content["x"], torch.arange(5.0))
    assert checkpoint.config == {"a": 1}


def test_a_named_config_goes_before_the_one_inside(tmp_path: Path) -> None:
    path = archive(tmp_path / "m.nemo", {"model_config.yaml": b"a: 1\n", "model_weights.ckpt": weights()})
    (tmp_path / "other.yaml").write_text("a: 2\n")
    assert open_checkpoint(path, tmp_path / "other.yaml").config == {"a": 2}


def test_archives_that_are_something_else(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"without model_weights\.ckpt"):
        open_checkpoint(archive(tmp_path / "a.tar", {"x.pt": weights()}))
    (tmp_path / "b.gz").write_bytes(gzip.compress(b"no archive"))
    with pytest.raises(CheckpointError, match="truncated, or not an archive"):
        open_checkpoint(tmp_path / "b.gz")


@pytest.mark.parametrize("mode", ["w", "w:gz"])
def test_truncated_archives(mode: str, tmp_path: Path) -> None:
    whole = archive(tmp_path / "m.nemo", {"model_weights.ckpt": weights()}, mode).read_bytes()
    for length in (100, 600, 512 + len(weights()) // 2 if mode == "w" else len(whole) // 2):
        (tmp_path / "m.nemo").write_bytes(whole[:length])
        with pytest.raises(CheckpointError, match=r"truncated|archive|not a checkpoint"):
            open_checkpoint(tmp_path / "m.nemo")


def test_an_archive_that_unpacks_to_too_much_is_given_up(tmp_path: Path) -> None:
    """80 MB of zeros in 80 kB."""
    path = archive(tmp_path / "bomb.nemo", {"model_weights.ckpt": bytes(80_000_000)}, "w:gz")
    assert path.stat().st_size < 200_000
    with pytest.raises(CheckpointError, match=r"unpacks to more than \d+ bytes"):
        open_checkpoint(path)


def test_a_link_in_an_archive_leads_nowhere(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "m.nemo", "w") as file:
        member = tarfile.TarInfo("model_weights.ckpt")
        member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
        file.addfile(member)
    with pytest.raises(CheckpointError, match=r"without model_weights\.ckpt"):
        open_checkpoint(tmp_path / "m.nemo")


# Configs


def test_yaml_tags_are_not_followed(tmp_path: Path) -> None:
    text = (
        "rates: [8, 8]\nmodel: !new:some.where.Generator\n  in_channels: !ref <n_mels>\n"
        f"evil: !!python/object/apply:os.system [touch {tmp_path / 'ran'}]\nname: !!python/name:os.system\n"
    )
    (tmp_path / "hyperparams.yaml").write_text(text)
    write_torch(tmp_path / "generator.ckpt")
    config = open_checkpoint(tmp_path).config
    assert config is not None
    assert config["rates"] == [8, 8]
    assert config["model"] == {"in_channels": "<n_mels>"}
    assert config["evil"] == [f"touch {tmp_path / 'ran'}"]
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("config.json", "{", "the config is not JSON"),
        ("config.json", "[1]", "is a list, not a table"),
        ("config.json", "[" * 100_000, "the config is not JSON"),
        ("config.yaml", "a: [", "the config is not YAML"),
        ("config.yaml", "just text", "is a str, not a table"),
        ("config.json", "\udcff", "not UTF-8 text"),
    ],
)
def test_configs_that_are_none(name: str, text: str, expected: str, tmp_path: Path) -> None:
    write_torch(tmp_path / "x.pt")
    (tmp_path / name).write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(CheckpointError, match=expected) as caught:
        open_checkpoint(tmp_path)
    assert name in str(caught.value)


def test_a_config_that_is_named_and_missing(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="no config; put"):
        open_checkpoint(write_torch(tmp_path / "x.pt"), tmp_path / "nowhere.json")


def test_a_layout_that_needs_a_config_says_so(tmp_path: Path) -> None:
    checkpoint = open_checkpoint(write_torch(tmp_path / "x.pt"))
    assert checkpoint.config is None
    with pytest.raises(CheckpointError, match=r"put config\.json beside the checkpoint"):
        checkpoint.wanted_config()
