"""What plugins hand to the host: light, frozen descriptions of what they offer.

A spec names its implementation as an import string, `"package.module:attribute"`. Nothing of it is imported until it
is used, so that listing what is installed costs no torch and no scipy.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from vocolab.options import EffectOptions, Options

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

_NAME = re.compile(r"[a-z][a-z0-9-]*")


@dataclass(frozen=True, kw_only=True)
class ComponentSpec:
    """What vocoders, acoustic models and effects have in common."""

    name: str
    """Lower case letters, digits and hyphens."""
    summary: str
    """One line, without a full stop at its end."""
    target: str
    """The class, as `"package.module:Class"`."""
    options: type[Options] = Options
    extra: str = ""
    """The pip extra that installs what `target` imports; empty if the plugin's own dependencies do."""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} is no component name: lower case letters, digits and hyphens")
        if not self.summary or "\n" in self.summary or self.summary.endswith("."):
            raise ValueError(f"{self.name}: the summary has to be one line without a full stop at its end")
        _check_target(self.name, self.target)


@dataclass(frozen=True, kw_only=True)
class VocoderSpec(ComponentSpec):
    """A vocoder: mel in, audio out. `target` is a class that meets `vocolab.interfaces.Vocoder`."""

    needs_voice: bool = True
    """False for a vocoder that needs no trained weights."""
    recogniser: str = ""
    """A function that knows the family's published checkpoints; see `vocolab.checkpoints.interfaces.Recogniser`."""
    converter: str = ""
    """A function that turns a published checkpoint into a `Voice`; see `vocolab.checkpoints.interfaces.Converter`."""
    trainer: str = ""
    """A function that builds what `vocolab train` trains; see `vocolab.training.interfaces.TrainableFactory`."""
    exporter: str = ""
    """A function that gives what `vocolab export` writes as ONNX; see `vocolab.onnx_export.exportable.Exporter`."""
    sizes: str = ""
    """A function that computes size and cost from a config, without torch; see `vocolab.networks.sizes.SizesOf`."""

    recipes: Traversable | None = None
    """A folder of training recipes; each `NAME.toml` in it is the recipe NAME, for `trainer`."""

    FUNCTIONS: ClassVar[tuple[str, ...]] = ("recogniser", "converter", "trainer", "exporter", "sizes")
    """The fields that name a function, each of which may be empty."""

    def __post_init__(self) -> None:
        super().__post_init__()
        for target in filter(None, (getattr(self, name) for name in self.FUNCTIONS)):
            _check_target(self.name, target)
        if self.recipes is not None and not self.trainer:
            raise ValueError(f"{self.name}: it has recipes and no trainer; name the function that builds from them")


@dataclass(frozen=True, kw_only=True)
class AcousticModelSpec(ComponentSpec):
    """An acoustic model: text in, mel out."""


@dataclass(frozen=True, kw_only=True)
class EffectSpec(ComponentSpec):
    """An effect: audio in, audio out. `target` is a class that meets `vocolab.interfaces.Effect`."""

    options: type[EffectOptions] = EffectOptions
    turns_down: bool = False
    """Whether it can turn a whole signal down: it is then recommended where a vocoder is too loud."""


@dataclass(frozen=True, kw_only=True)
class VoiceSource:
    """Trained weights that a plugin ships: one safetensors file, described before it is opened."""

    name: str
    vocoder: str
    """The name of the vocoder that it is for."""
    summary: str
    file: Traversable
    rank: int = 0
    """The shipped voice of the highest rank is what `render` takes when nothing is named."""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} is no voice name: lower case letters, digits and hyphens")


@dataclass(frozen=True, kw_only=True)
class PresetSource:
    """A folder of preset files; each `NAME.toml` in it is the preset NAME."""

    folder: Traversable


@dataclass(frozen=True, kw_only=True)
class CommandSpec:
    """A command of its own for the `vocolab` command line; `target` is a click command."""

    name: str
    summary: str
    target: str

    def __post_init__(self) -> None:
        _check_target(self.name, self.target)


AnySpec: TypeAlias = VocoderSpec | AcousticModelSpec | EffectSpec | VoiceSource | PresetSource | CommandSpec


def _check_target(name: str, target: str) -> None:
    module, _, attribute = target.partition(":")
    if not (module and attribute and all(part.isidentifier() for part in f"{module}.{attribute}".split("."))):
        raise ValueError(f"{name}: target {target!r} is not of the form 'package.module:attribute'")
