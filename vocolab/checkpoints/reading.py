"""The content of a checkpoint file: tensors, numbers, texts and containers of them; nothing is executed.

What a file is, its first bytes say and not its name.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import IO, Any

import numpy as np

from vocolab.checkpoints.nemo import is_tar, read_members
from vocolab.errors import CheckpointError
from vocolab.files.safetensors_header import read_metadata
from vocolab.given_files import open_given
from vocolab.torch_files import read_torch

_NOT_WEIGHTS = (
    (b"version https://git-lfs", "a pointer of git-lfs and not the weights: fetch them with 'git lfs pull'"),
    (b"<", "a web page and not the weights: the download went wrong, fetch it again"),
    (b"Rar!", "a RAR archive: unpack it first"),
    (b"7z\xbc\xaf", "a 7z archive: unpack it first"),
    (b"\x89HDF", "an HDF5 file; vocolab reads torch, safetensors and NeMo"),
    (b"\x93NUMPY", "a NumPy array and not weights; if it is a mel, 'vocolab render' takes it"),
    (b"RIFF", "audio and no weights"),
    (b"fLaC", "audio and no weights"),
    (b"OggS", "audio and no weights"),
    (b"ID3", "audio and no weights"),
    (b"GGUF", "a GGUF file; vocolab reads torch, safetensors and NeMo"),
)
_START_BYTES = 512
_NEMO_WEIGHTS = "model_weights.ckpt"
_NEMO_CONFIG = "model_config.yaml"


def read_checkpoint(path: Path) -> Any:
    """What a file of torch, safetensors or NeMo holds: tensors, numbers, texts and containers of them.

    Raises:
        UnsafePickle: if the file asks for more than that.
        CheckpointError: if it is missing, truncated, no checkpoint, or a vocolab voice.
    """
    return read_checkpoint_and_config(path)[0]


def read_checkpoint_and_config(path: Path) -> tuple[Any, str | None]:
    """The same, and the text of the config (YAML) that is inside the file, where it has one.

    Raises:
        UnsafePickle, CheckpointError: as `read_checkpoint` does.
    """
    try:
        with open_given(path) as stream:
            start = stream.read(_START_BYTES)
            stream.seek(0)
            return _read(path, stream, start)
    except FileNotFoundError as error:
        raise CheckpointError("there is no such file", about=path) from error
    except OSError as error:
        raise CheckpointError(f"can't be read: {error.strerror or error}", about=path) from error


def _read(path: Path, stream: IO[bytes], start: bytes) -> tuple[Any, str | None]:
    if not start:
        raise CheckpointError("truncated, or not a checkpoint: the file is empty", about=path)
    for beginning, what in _NOT_WEIGHTS:
        if start.lstrip(b"\r\n\t \xef\xbb\xbf").startswith(beginning):
            raise CheckpointError(f"is {what}", about=path)
    if (text := _text_in_place_of_weights(path, start)) is not None:
        raise CheckpointError(text, about=path)
    if start[8:9] == b"{" or path.suffix == ".safetensors":
        return _read_safetensors(path), None
    if is_tar(start):
        members = read_members(stream, str(path), (_NEMO_WEIGHTS, _NEMO_CONFIG))
        weights = members.get(_NEMO_WEIGHTS)
        if weights is None:
            raise CheckpointError(
                f"an archive without {_NEMO_WEIGHTS}; unpack it and name the file of weights", about=path
            )
        name = f"{path}:{_NEMO_WEIGHTS}"
        content = read_torch(io.BytesIO(weights), np.frombuffer(bytearray(weights), np.uint8), name)
        return content, members.get(_NEMO_CONFIG, b"").decode("utf-8", "replace") or None
    return read_torch(stream, np.asarray(np.memmap(path, np.uint8, "c")), str(path)), None


def _text_in_place_of_weights(path: Path, start: bytes) -> str | None:
    """What a file is that begins as a text or a graph does, None if it may be weights."""
    if not start.strip(b"\0"):
        return "holds nothing but zeros: the download went wrong, fetch it again"
    if path.suffix == ".onnx" or (start[:1] == b"\x08" and start[2:3] == b"\x12"):
        return "is an ONNX graph, which has no weights by name; vocolab converts the checkpoint that it was made of"
    if start[:1] != b"{" or start[8:9] == b"{":
        return None
    if b"griffin" in start.lower():
        return "is a configuration; Griffin-Lim has no weights, and 'vocolab render --vocoder griffinlim' needs none"
    return "is a text in JSON and not the weights: a config, or what a server answered in their place"


def _read_safetensors(path: Path) -> dict[str, Any]:
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    if "vocolab" in read_metadata(path):
        raise CheckpointError("is already a vocolab voice; give it to --voice as it is", about=path)
    try:
        return dict(load_file(path))
    except (SafetensorError, ValueError, KeyError) as error:
        raise CheckpointError(f"the safetensors file is damaged: {error}", about=path) from error
