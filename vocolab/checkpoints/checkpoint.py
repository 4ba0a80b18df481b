"""A published checkpoint, opened: what it holds, and the config beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path
from typing import Any

from vocolab.checkpoints.agreement import contradiction
from vocolab.checkpoints.config_files import parse_config, read_config
from vocolab.checkpoints.config_places import FoundConfig, config_inside, configs_beside, tells
from vocolab.checkpoints.folders import shards_of, weights_in
from vocolab.checkpoints.reading import read_checkpoint_and_config
from vocolab.errors import CheckpointError
from vocolab.given_files import sha256_of


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
    layout: str | None = None
    """Which of several layouts that a file can't tell apart the user says that it is."""

    remarks: tuple[str, ...] = ()
    """What a user wants to know of how it was opened, a sentence each without a full stop at its end."""
    alternatives: tuple[Checkpoint, ...] = ()
    """The same with another config each, where several lie beside it and no name says which is meant."""

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

    def holding(self, content: Any) -> Checkpoint:
        """The same with another content: a part of the file's."""
        others = tuple(replace(other, content=content) for other in self.alternatives)
        return replace(self, content=content, alternatives=others)

    def beside(self, name: str) -> Path | None:
        """The file of that name in the checkpoint's folder, or None."""
        path = self.path.parent / name
        return path if path.is_file() else None


def open_checkpoint(
    path: str | PathLike[str], config: str | PathLike[str] | None = None, *, layout: str | None = None
) -> Checkpoint:
    """Read a checkpoint: a file of torch, safetensors or NeMo, or a folder with such a file and its config.

    Args:
        path: The file or the folder. Of a checkpoint in several parts any one.
        config: JSON or YAML. None: the one inside the file, else config.json, config.yaml ... beside it or one folder
            up.
        layout: Which of several layouts it is, for a file that can't tell.

    Raises:
        UnsafePickle: if the file asks for more than tensors and containers.
        CheckpointError: if it is missing, truncated, no checkpoint, or a vocolab voice already.
    """
    given = Path(path)
    file, said = weights_in(given) if given.is_dir() else (given, "")
    content, archived = _content(file)
    opened = Checkpoint(file, sha256_of(file), content, layout=layout, remarks=(said,) if said else ())
    inside = _archived(archived, file) if archived is not None else config_inside(content, file)
    if config is not None:
        return _with_named_config(opened, Path(config), inside)
    if inside is None:
        return _with_config_beside(opened)
    _check_beside(file, inside)
    remarks = opened.remarks if archived is not None else (*opened.remarks, f"its config is {inside.place}")
    return replace(opened, config=inside.values, config_path=file, remarks=remarks)


def _archived(text: str, file: Path) -> FoundConfig:
    return FoundConfig(parse_config(text, str(file), as_json=False), file, "model_config.yaml inside the archive")


def _with_named_config(opened: Checkpoint, path: Path, inside: FoundConfig | None) -> Checkpoint:
    """The checkpoint with the config that the user named; what the file says otherwise is said."""
    named = replace(opened, config=read_config(path), config_path=path)
    differing = contradiction(named.config or {}, inside.values) if inside is not None else None
    if differing is None or inside is None:
        return named
    key, value, other = differing
    remark = f"{path.name} taken, with {key} {value}, and not {inside.place}, with {key} {other}"
    return replace(named, remarks=(*named.remarks, remark))


def _check_beside(file: Path, inside: FoundConfig) -> None:
    """Hold the config inside the file against those beside it; of several, one has to agree.

    Raises:
        CheckpointError: naming a key and both its values.
    """
    beside = [found for found in configs_beside(file) if found.path.parent == file.parent and tells(found.values)]
    differing = [(found, differs) for found in beside if (differs := contradiction(inside.values, found.values))]
    if differing and len(differing) == len(beside):
        found, (key, value, other) = differing[0]
        raise CheckpointError(
            f"{key} is {value} in {inside.place} and {other} in {found.place} beside it: give the right one with "
            "--config",
            about=file,
        )


def _content(file: Path) -> tuple[Any, str | None]:
    """What the file holds, the other parts of the checkpoint joined to it, and the config of an archive."""
    parts = shards_of(file)
    if len(parts) == 1:
        return read_checkpoint_and_config(file)
    joined: dict[str, Any] = {}
    for part in parts:
        content, _ = read_checkpoint_and_config(part)
        joined.update(content if isinstance(content, Mapping) else {})
    return joined, None


def _with_config_beside(opened: Checkpoint) -> Checkpoint:
    found = configs_beside(opened.path)
    if not found:
        return opened
    first = found[0]
    remarks = (*opened.remarks,
        f"its config is {first.place}") if first.path.parent != opened.path.parent else opened.remarks
    others = tuple(replace(opened, config=other.values, config_path=other.path) for other in found[1:])
    return replace(opened, config=first.values, config_path=first.path, remarks=remarks, alternatives=others)
