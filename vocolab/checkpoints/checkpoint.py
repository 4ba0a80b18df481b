"""A published checkpoint, opened: what it holds, and the config beside it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

from vocolab.checkpoints.folders import config_beside, parse_config, read_config, weights_in
from vocolab.checkpoints.reading import read_checkpoint_and_config
from vocolab.errors import CheckpointError
from vocolab.given_files import open_given

_BLOCK_BYTES = 1 << 20


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """Somebody else's weights. Nothing of the file was executed."""

    path: Path
    """The file with the weights, also where a folder was given."""
    sha256: str
    """Over the whole file."""
    content: Any
    """Tensors, numbers, texts, and containers of them: what the file says, in its own spelling."""
    config: Mapping[str, Any] | None = None
    """The config beside the weights, or the one that was named; None if there is none."""
    config_path: Path | None = None

    def wanted_config(self) -> Mapping[str, Any]:
        """The config, for a layout that can't do without.

        Raises:
            CheckpointError: if there is none.
        """
        if self.config is None:
            raise CheckpointError(
                "no config; put config.json beside the checkpoint (or config.yaml) or give --config",
                about=self.path,
            )
        return self.config

    def beside(self, name: str) -> Path | None:
        """The file of that name in the checkpoint's folder, or None."""
        path = self.path.parent / name
        return path if path.is_file() else None


def open_checkpoint(path: str | PathLike[str], config: str | PathLike[str] | None = None) -> Checkpoint:
    """Read a checkpoint: a file of torch, safetensors or NeMo, or a folder with one such file and its config.

    Args:
        path: The file or the folder.
        config: JSON or YAML. None: the one inside the file (NeMo), else config.json, config.yaml ... beside it.

    Raises:
        UnsafePickle: if the file asks for more than tensors and containers.
        CheckpointError: if it is missing, truncated, no checkpoint, or a vocolab voice already.
    """
    given = Path(path)
    file = weights_in(given) if given.is_dir() else given
    content, inside = read_checkpoint_and_config(file)
    if config is None and inside is not None:
        return Checkpoint(file, _sha256(file), content, parse_config(inside, str(file), as_json=False), file)
    config_path = Path(config) if config is not None else config_beside(file)
    values = read_config(config_path) if config_path is not None else None
    return Checkpoint(file, _sha256(file), content, values, config_path)


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with open_given(path) as stream:
        while block := stream.read(_BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()
