"""The header of a safetensors file, and files that only look like one."""

import json
from contextlib import suppress

import numpy as np
import pytest
from safetensors.numpy import save

from vocolab.errors import CheckpointError
from vocolab.files.safetensors_header import read_header, read_metadata

TENSORS = {"weight": np.arange(6, dtype=np.float32).reshape(2, 3)}


def raw(header, length=None):
    return (len(header) if length is None else length).to_bytes(8, "little") + header


def test_metadata_and_header(tmp_path):
    path = tmp_path / "a.safetensors"
    path.write_bytes(save(TENSORS, metadata={"vocolab": "{}", "größe": "ä"}))
    assert read_metadata(path) == {"vocolab": "{}", "größe": "ä"}
    assert read_header(path)["weight"]["shape"] == [2, 3]


def test_no_metadata(tmp_path):
    path = tmp_path / "a.safetensors"
    path.write_bytes(save(TENSORS))
    assert read_metadata(path) == {}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "not a safetensors file, or a truncated one"),
        (b"\x02\x00\x00", "not a safetensors file, or a truncated one"),
        (b"this is a text file and no weights", "not a safetensors file, or a truncated one"),
        (raw(b"{}", 100), "would be 100 bytes long and the file has 10"),
        (raw(b"{}", 2**63), "not a safetensors file"),
        (raw(b"{}", 100_000_001) + bytes(100), "not a safetensors file"),
        (raw(b'{"a": '), "its header is not JSON"),
        (raw(b"\xff\xfe\xfd"), "its header is not JSON"),
        (raw(b"[" * 100_000), "its header is not JSON"),
        (raw(b"[1, 2]"), "its header is not a table"),
        (raw(b'{"__metadata__": [1]}'), "its metadata is not a table of texts"),
        (raw(b'{"__metadata__": {"a": 1}}'), "its metadata is not a table of texts"),
    ],
)
def test_what_is_no_safetensors_file(tmp_path, data, said):
    path = tmp_path / "a.safetensors"
    path.write_bytes(data)
    with pytest.raises(CheckpointError) as caught:
        read_metadata(path)
    assert said in str(caught.value)
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)


def test_every_truncation_is_refused_or_read(tmp_path):
    """Whatever is cut off, the answer is the metadata or a CheckpointError."""
    whole = save(TENSORS, metadata={"a": json.dumps({"b": 1})})
    path = tmp_path / "a.safetensors"
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with suppress(CheckpointError):
            assert read_metadata(path) == {"a": '{"b": 1}'}


def test_missing_and_folder(tmp_path):
    with pytest.raises(CheckpointError, match="no such file"):
        read_metadata(tmp_path / "a.safetensors")
    with pytest.raises(CheckpointError, match="can't be read"):
        read_metadata(tmp_path)
