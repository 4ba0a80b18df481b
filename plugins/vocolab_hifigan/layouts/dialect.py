"""What every dialect of config gives, and how values are taken out of one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from vocolab.checkpoints import Checkpoint
from vocolab.errors import CheckpointError
from vocolab.mels.spec import MelSpec

Config = Mapping[str, Any]


@dataclass(frozen=True)
class Graph:
    """A generator's architecture."""

    config: dict[str, Any]
    """In the keys of `HifiGanConfig`."""
    without_bias: tuple[str, ...] = ()
    """Patterns of layers that have no bias: theirs is zero."""
    assumptions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mels:
    """The convention of a generator's mels."""

    spec: MelSpec
    assumptions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Weights:
    """What a dialect may look at beside the config."""

    checkpoint: Checkpoint
    buffers: Mapping[str, Any]
    """Tensors that belong to no layer, such as statistics of the mels."""
    n_mels: int
    hop_samples: int


@dataclass(frozen=True)
class Dialect:
    """One project's way to write a config."""

    name: str
    speaks: Callable[[Config], bool]
    """Whether a config is written so."""
    graph: Callable[[Config], Graph]
    mels: Callable[[Config, Weights, MelSpec | None], Mels]
    """The convention; the one that the user named, where there is one, completed by what only the files know."""
    namings: tuple[str, ...] = ()
    """The namings that tell the dialect where there is no config."""


def named(config: Config, keys: Mapping[str, str]) -> dict[str, Any]:
    """The values of `config` under other names: `keys` says which of theirs is which of ours. None counts as absent."""
    return {ours: config[theirs] for ours, theirs in keys.items() if config.get(theirs) is not None}


def table(config: Config, key: str) -> Config:
    """The table under a key; empty if there is none.

    Raises:
        CheckpointError: if there is something else.
    """
    value = config.get(key)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise CheckpointError(f"the config's {key} is {type(value).__name__}, not a table")
    return value


def refuse(config: Config, allowed: Mapping[str, tuple[Any, ...]], why: str) -> None:
    """Refuse a config in which a key has a value that can't be expressed here.

    Raises:
        CheckpointError: naming the key, its value and what would do.
    """
    for key, values in allowed.items():
        if key in config and config[key] not in values:
            wanted = " or ".join(map(repr, values))
            raise CheckpointError(f"the config's {key} is {config[key]!r}; {why} only {wanted}")


def number(config: Config, key: str, default: float) -> float:
    """A number of the config.

    Raises:
        CheckpointError: if it is something else.
    """
    value = config.get(key)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise CheckpointError(f"the config's {key} is {value!r}, not a number")
    return value


def whole(config: Config, key: str, default: int) -> int:
    """A whole number of the config.

    Raises:
        CheckpointError: if it is something else.
    """
    value = number(config, key, default)
    if value != int(value):
        raise CheckpointError(f"the config's {key} is {value!r}, not a whole number")
    return int(value)
