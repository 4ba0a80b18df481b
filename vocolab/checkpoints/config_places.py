"""Where the config of a checkpoint is: inside the file, beside it, or one folder up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vocolab.checkpoints.agreement import contradiction
from vocolab.checkpoints.config_files import checked_numbers, followed, parse_config, read_config
from vocolab.errors import CheckpointError
from vocolab.torch_files.pickled_object import PickledObject, plain

_KEYS = ("hyper_parameters", "config", "hparams", "model_config", "generator_config", "cfg", "args", "params", "h",
    "hp",
         "hp_str", "opt", "train_setup")
"""Under which of a file's keys trainers keep what they were told."""
_TELLS = re.compile(r"hop_.*|hop|upsampl.*|up_.*|residual_layers|n_flows|backbone|ngf|frame_shift.*|n_window_stride")
"""Keys of which a config of a vocoder has at least one, somewhere."""
_NAMES = ("hyperparams.yaml", "model_config.yaml", "config.json", "config.yaml", "config.yml", "hparams.yaml",
          "hparams.yml", "hparams.json", "args.yml", "args.yaml", "args.json", "params.json", "cosyvoice.yaml",
          "cosyvoice2.yaml", "model_config.json", "generator_config.json")
"""Names that only one project uses go first: SpeechBrain puts a config.json of another kind beside its own."""
_OTHERS = re.compile(r"(config|hparams|hyperparams|model)[\w.-]*\.(json|ya?ml)|[\w.-]*(config|hparams|hyperparams)"
                     r"\.(json|ya?ml)", re.IGNORECASE)
_NO_CONFIGS = re.compile(r".*index\.json|(tokenizer|preprocessor|generation|feature_extractor|special_tokens).*",
                         re.IGNORECASE)
_MOST_LEVELS = 6


@dataclass(frozen=True)
class FoundConfig:
    """A config, and where it was."""

    values: Mapping[str, Any]
    path: Path
    place: str
    """In words, for remarks: "config.json", "hyper_parameters inside the file"."""


def config_inside(content: Any, path: Path) -> FoundConfig | None:
    """The config that a checkpoint's content carries, None if it says nothing of sizes.

    Raises:
        CheckpointError: if it carries two that differ.
    """
    if not isinstance(content, Mapping):
        return None
    held = content.attributes if isinstance(content, PickledObject) else content
    tables = {key: table for key in _KEYS if (table := _table(held.get(key), path)) is not None}
    telling = [key for key, table in tables.items() if tells(table)]
    if not telling:
        return None
    joined: dict[str, Any] = {}
    for key in telling:
        table = _unpacked(tables[key])
        if differing := contradiction(joined, table):
            what, value, other = differing
            raise CheckpointError(
                f"{what} is {value} in one config inside the file and {other} in {key}: give the right one with "
                "--config",
                about=path,
            )
        joined = {**table, **joined}
    numbers = checked_numbers(followed(joined), str(path))
    return FoundConfig(numbers, path, f"{' and '.join(telling)} inside the file")


def configs_beside(file: Path) -> list[FoundConfig]:
    """The config in the folder of `file`, else in the one above; several where their names don't say which is meant.

    Raises:
        CheckpointError: if it can't be read.
    """
    for folder in (file.parent, file.parent.parent):
        paths = _named(folder, file) or _others(folder)
        # A folder above may be anybody's: what lies there has to look like a vocoder's.
        found = [FoundConfig(values, path, _place(path, file)) for path, values in _read(paths, folder != file.parent)]
        if found:
            return found
    return []


def _place(path: Path, file: Path) -> str:
    return path.name if path.parent == file.parent else f"../{path.name}"


def _named(folder: Path, file: Path) -> list[Path]:
    """The file's own, or those of usual names: the first, and after it those that look like a vocoder's and differ."""
    own = [f"{name}{suffix}" for name in (file.name, file.stem) for suffix in (".json", ".yaml", ".yml")]
    found = [path for name in own if (path := folder / name).is_file() and path != file][:1]
    if found:
        return found
    usual = [path for name in _NAMES if (path := folder / name).is_file() and path != file]
    tables = dict(_read(usual[1:], telling_only=True)) if usual else {}
    first = read_config(usual[0]) if tables else {}
    return [*usual[:1], *(path for path, values in tables.items() if contradiction(first, values))]


def _others(folder: Path) -> list[Path]:
    try:
        paths = sorted(path for path in folder.iterdir() if _OTHERS.fullmatch(path.name) and path.is_file())
    except OSError:
        return []
    return [path for path in paths if not _NO_CONFIGS.fullmatch(path.name)]


def _read(paths: list[Path], telling_only: bool) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    for path in paths:
        if not telling_only:
            yield path, read_config(path)
            continue
        try:
            values = read_config(path)
        except CheckpointError:
            continue
        if tells(values):
            yield path, values


def _table(value: Any, path: Path) -> Mapping[str, Any] | None:
    if isinstance(value, str) and "\n" in value:
        try:
            return parse_config(value, str(path), as_json=value.lstrip().startswith("{"))
        except CheckpointError:
            return None
    table = plain(value) if isinstance(value, Mapping) else None
    return table if isinstance(table, Mapping) else None


def _unpacked(table: Mapping[str, Any]) -> Mapping[str, Any]:
    """The table that a table holds and nothing else that tells, as Lightning's does under `cfg`."""
    inner = [value for key, value in table.items() if key in _KEYS and isinstance(value, Mapping) and tells(value)]
    outer = {key: value for key, value in table.items() if key not in _KEYS}
    return inner[0] if len(inner) == 1 and not tells(outer) else table


def tells(table: Any, levels: int = _MOST_LEVELS) -> bool:
    """Whether a table has, somewhere in it, what a config of a vocoder has."""
    if not isinstance(table, Mapping) or levels == 0:
        return False
    return any(_TELLS.fullmatch(str(key)) or tells(value, levels - 1) for key, value in table.items())
