"""Where presets are found: the user's folder, vocolab's own, then the plugins'."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from vocolab.catalog.toml_files import SUFFIX, toml_files
from vocolab.configuration import configuration_folder
from vocolab.plugins.host import HOME, Entry, PluginHost, reachable_names, resolve
from vocolab.plugins.specs import PresetSource

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

_HOOK = "vocolab_presets"
USER = "user"
"""What stands for a distribution in the qualified names of the user's own presets."""


@dataclass(frozen=True)
class PresetFile:
    """A preset that is there to be read."""

    name: str
    file: Traversable
    dist: str = ""
    """The distribution that brings it; "user" for the user's own folder, empty for a file given by its path."""


class PresetRegistry:
    """Presets by name. Nothing is read before `vocolab.chain.presets.read_preset`."""

    kind = "preset"

    def __init__(self, host: PluginHost) -> None:
        self._host = host

    def entries(self, dist: str = "") -> list[Entry[PresetFile]]:
        """All of them: the user's, the built-in ones, then the plugins'; or those of one distribution."""
        own = [Entry(file, file.dist) for file in _presets_in(user_folder(), USER) if dist in ("", USER)]
        builtin = [Entry(file, file.dist) for file in _presets_in(builtin_folder(), HOME) if dist in ("", HOME)]
        sources = [] if dist in (USER, HOME) else self._host.collect(_HOOK, PresetSource, dist)
        others = [
            Entry(file, source.dist, source.version, source.plugin)
            for source in sources
            for file in _presets_in(source.spec.folder, source.dist)
        ]
        return [*own, *builtin, *others]

    def names(self) -> list[str]:
        """A name for each: bare where that is enough, else `dist/name`; sorted."""
        entries = self.entries()
        own = {entry.name for entry in entries if entry.dist == USER}
        rest = [entry for entry in entries if entry.dist != USER]
        shadowed = {entry.qualified for entry in rest if entry.name in own}
        return sorted(own | shadowed | set(reachable_names([entry for entry in rest if entry.name not in own])))

    def get(self, name: str | os.PathLike[str]) -> PresetFile:
        """The preset of that bare or qualified name, or the file, where it ends in `.toml`.

        A bare name is the user's own preset before the built-in one before a plugin's. Whether a file is there shows
        when it is read.

        Raises:
            UnknownName: if there is none of that name.
            CallError: if several packages have it.
        """
        if not isinstance(name, str) or name.endswith(SUFFIX):
            path = Path(name)
            return PresetFile(path.stem, path)
        dist, _, bare = name.rpartition("/")
        for place in (dist,) if dist else (USER, *self._host.first, HOME):
            for entry in self.entries(place):
                if entry.name == bare:
                    return entry.spec
        return resolve(self.entries(), name, kind=self.kind, hooks=(_HOOK,), records=self._host.records).spec


def user_folder() -> Path:
    """The folder of the user's own presets: `VOCOLAB_PRESETS`, or `vocolab/presets` where configuration is kept."""
    if folder := os.environ.get("VOCOLAB_PRESETS"):
        return Path(folder)
    return configuration_folder() / "presets"


def builtin_folder() -> Traversable:
    """The folder of vocolab's presets: inside the package when it is installed, beside it in a source tree."""
    packaged = files("vocolab") / "presets"
    return packaged if packaged.is_dir() else Path(__file__).resolve().parents[2] / "presets"


def _presets_in(folder: Traversable, dist: str) -> Iterator[PresetFile]:
    for name, file in toml_files(folder):
        yield PresetFile(name, file, dist)
