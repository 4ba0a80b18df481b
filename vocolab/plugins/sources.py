"""Specs that say all there is to say: files, folders and commands. They have no options, and cost no import.

What a manifest says of them is enough, so that `vocolab --help` knows the commands of plugins at once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

NAME = re.compile(r"[a-z][a-z0-9-]*")
"""How components and voices are called."""


@dataclass(frozen=True, kw_only=True)
class VoiceSource:
    """Trained weights that a plugin ships: one safetensors file, described before it is opened."""

    name: str
    model: str
    """The name of the vocoder, the acoustic model ... that it is for."""
    summary: str
    file: Traversable
    rank: int = 0
    """Of the voices for a model, that of the highest rank is taken when none is named; of vocoders' voices for `render`
    as well, and of those that speak for `say`."""

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} is no voice name: lower case letters, digits and hyphens")


@dataclass(frozen=True, kw_only=True)
class PresetSource:
    """A folder of preset files; each `NAME.toml` in it is the preset NAME."""

    folder: Traversable


@dataclass(frozen=True, kw_only=True)
class MelConventionSource:
    """A folder of mel conventions; each `NAME.toml` in it is the convention NAME."""

    folder: Traversable


@dataclass(frozen=True, kw_only=True)
class CommandSpec:
    """A command of its own for the `vocolab` command line; `target` is a click command."""

    name: str
    summary: str
    target: str

    def __post_init__(self) -> None:
        check_target(self.name, self.target)


def check_target(name: str, target: str) -> None:
    """Raise ValueError for a target that is not of the form `package.module:attribute`."""
    module, _, attribute = target.partition(":")
    if not (module and attribute and all(part.isidentifier() for part in f"{module}.{attribute}".split("."))):
        raise ValueError(f"{name}: target {target!r} is not of the form 'package.module:attribute'")
