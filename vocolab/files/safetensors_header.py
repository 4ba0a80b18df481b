"""The metadata of a safetensors file, without its tensors.

A safetensors file begins with the length of its header (8 bytes, little-endian); then come the header, as JSON, and
the data.
"""

from __future__ import annotations

import json
import os
from os import PathLike
from pathlib import Path
from typing import Any

from vocolab.errors import CheckpointError
from vocolab.given_files import open_given

_LENGTH_BYTES = 8
_MOST_HEADER_BYTES = 100_000_000
"""What the safetensors library accepts as well."""


def read_metadata(path: str | PathLike[str]) -> dict[str, str]:
    """The file's free-form metadata: text by name, empty where the file has none.

    Only the header is read, and no more memory is taken than the file is large.

    Raises:
        CheckpointError: if the file is missing or is not safetensors.
    """
    metadata = read_header(path).get("__metadata__", {})
    if not isinstance(metadata, dict) or not all(isinstance(value, str) for value in metadata.values()):
        raise CheckpointError("not a safetensors file: its metadata is not a table of texts", about=path)
    return metadata


def read_header(path: str | PathLike[str]) -> dict[str, Any]:
    """The whole header: `__metadata__` and, by tensor name, `dtype`, `shape` and `data_offsets`.

    Raises:
        CheckpointError: if the file is missing or is not safetensors.
    """
    file = Path(path)
    try:
        text = _header_text(file)
        header = json.loads(text)
    except FileNotFoundError as error:
        raise CheckpointError("there is no such file", about=file) from error
    except OSError as error:
        raise CheckpointError(f"can't be read: {error.strerror or error}", about=file) from error
    except (ValueError, RecursionError) as error:
        raise CheckpointError("not a safetensors file, or a damaged one: its header is not JSON", about=file) from error
    if not isinstance(header, dict):
        raise CheckpointError("not a safetensors file: its header is not a table", about=file)
    return header


def _header_text(file: Path) -> str:
    with open_given(file) as stream:
        size = os.fstat(stream.fileno()).st_size
        length = int.from_bytes(stream.read(_LENGTH_BYTES), "little")
        if size < _LENGTH_BYTES + 2 or length > _MOST_HEADER_BYTES or length > size - _LENGTH_BYTES:
            raise CheckpointError(
                "not a safetensors file, or a truncated one: "
                f"its header would be {length} bytes long and the file has {size}",
                about=file,
            )
        return stream.read(length).decode("utf-8")
