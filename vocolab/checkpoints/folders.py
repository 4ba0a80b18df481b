"""Which file of a folder holds the weights, and which the config."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vocolab.errors import CheckpointError, listed
from vocolab.given_files import read_given_text

_SUFFIXES = (".safetensors", ".bin", ".pt", ".pth", ".ckpt", ".nemo", ".pkl", ".tar")
_OFFICIAL = "g_"  # HiFi-GAN's generators have no suffix: g_02500000
_TRAINING_ONLY = ("discriminator", "optimizer", "scheduler", "training_args", "rng_state", "scaler.")
_SHARD = re.compile(r".+-\d{5}-of-\d{5}\.(safetensors|bin)")
_CONFIGS = ("hyperparams.yaml", "model_config.yaml", "config.json", "config.yaml", "config.yml")
"""Names that only one project uses go first: SpeechBrain puts a config.json of another kind beside its own."""
MOST_CONFIG_BYTES = 10_000_000


def weights_in(folder: Path) -> Path:
    """The one file of weights in a folder in the style of Hugging Face.

    Where the same weights are there as safetensors and as pickle, safetensors is taken.

    Raises:
        CheckpointError: if there is none, or which one is meant is not plain.
    """
    try:
        files = sorted(path for path in folder.iterdir() if path.is_file() and _may_be_weights(path))
    except OSError as error:
        raise CheckpointError(f"can't be read: {error.strerror or error}", about=folder) from error
    found = [path for path in files if not any(word in path.name.lower() for word in _TRAINING_ONLY)] or files
    if {path.name for path in found} == {"model.safetensors", "pytorch_model.bin"}:
        return folder / "model.safetensors"
    if not found:
        raise CheckpointError(f"the folder holds no weights ({', '.join(_SUFFIXES)}, {_OFFICIAL}*)", about=folder)
    if all(_SHARD.fullmatch(path.name) for path in found):
        raise CheckpointError(
            f"the weights are in {len(found)} shards ({found[0].name} ...), which vocolab can't join; "
            "save them as one file",
            about=folder,
        )
    if len(found) > 1:
        names = listed(path.name for path in found)
        raise CheckpointError(
            f"the folder holds {len(found)} files of weights: {names}; name one of them", about=folder
        )
    return found[0]


def config_beside(file: Path) -> Path | None:
    """The config in the folder of `file`, None if there is none."""
    candidates = (file.parent / name for name in _CONFIGS)
    return next((path for path in candidates if path.is_file()), None)


def read_config(path: Path) -> Mapping[str, Any]:
    """A config in JSON or YAML. Tags in YAML, as in `!new:module.Class`, are not followed.

    Raises:
        CheckpointError: if it is missing, neither of the two, or no table.
    """
    try:
        if path.is_file() and path.stat().st_size > MOST_CONFIG_BYTES:
            raise CheckpointError(f"{path.stat().st_size} bytes is too large for a config", about=path)
        text = read_given_text(path, MOST_CONFIG_BYTES)
    except OSError as error:
        hint = "put config.json beside the checkpoint or give --config"
        raise CheckpointError(f"no config; {hint}: {error.strerror or error}", about=path) from error
    except UnicodeDecodeError as error:
        raise CheckpointError(f"the config is not UTF-8 text: {error.reason}", about=path) from error
    return parse_config(text, str(path), as_json=path.suffix.lower() == ".json")


def parse_config(text: str, name: str, *, as_json: bool) -> Mapping[str, Any]:
    """The table that a config's text stands for; `name` is what messages call it.

    Raises:
        CheckpointError: if the text is not JSON (or YAML), or no table.
    """
    from vocolab.checkpoints.inert_yaml import YAML_PROBLEMS, read_yaml

    try:
        values = json.loads(text) if as_json else read_yaml(text)
    except YAML_PROBLEMS as error:
        first = (str(error).splitlines() or ["nested too deeply"])[0]
        raise CheckpointError(f"the config is not {'JSON' if as_json else 'YAML'}: {first}", about=name) from error
    if not isinstance(values, dict):
        raise CheckpointError(f"the config is a {type(values).__name__}, not a table", about=name)
    return values


def _may_be_weights(path: Path) -> bool:
    return path.suffix.lower() in _SUFFIXES or (path.name.startswith(_OFFICIAL) and not path.suffix)
