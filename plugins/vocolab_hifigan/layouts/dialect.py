"""What every dialect of config gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from vocolab.checkpoints import Checkpoint
from vocolab.mels.spec import MelSpec
from vocolab_dialects.values import Config


@dataclass(frozen=True)
class Graph:
    """A generator's architecture."""

    config: dict[str, Any]
    """In the keys of `HifiGanConfig`."""
    without_bias: tuple[str, ...] = ()
    """Patterns of layers that have no bias: theirs is zero."""
    assumptions: tuple[str, ...] = ()
    stated: Mapping[str, Any] = field(default_factory=dict)
    """Under the config's own key, the bands that the network takes: held against the weights."""


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
