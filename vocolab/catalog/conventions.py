"""The mel conventions that plugins describe, by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vocolab.catalog.registry import Named
from vocolab.catalog.toml_files import toml_files
from vocolab.errors import VocolabError
from vocolab.mels.convention_files import Convention, read_convention
from vocolab.plugins.host import Entry, PluginHost
from vocolab.plugins.specs import MelConventionSource

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

_HOOK = "vocolab_mel_conventions"


@dataclass(frozen=True)
class ConventionFile:
    """A convention that is there to be read."""

    name: str
    file: Traversable


class ConventionRegistry(Named[ConventionFile]):
    """Mel conventions by name. A file is read once, when its convention is first asked for."""

    def __init__(self, host: PluginHost) -> None:
        super().__init__(host, "mel convention", _HOOK)
        self._read: dict[str, Convention | VocolabError] = {}
        self._entries: dict[str, list[Entry[ConventionFile]]] = {}

    def entries(self, dist: str = "") -> list[Entry[ConventionFile]]:
        """All of them, built-in ones first; of two with one name in one package, the first."""
        if dist not in self._entries:
            found: dict[str, Entry[ConventionFile]] = {}
            for source in self._host.collect(_HOOK, MelConventionSource, dist):
                for name, file in toml_files(source.spec.folder):
                    entry = Entry(ConventionFile(name, file), source.dist, source.version, source.plugin)
                    found.setdefault(entry.qualified, entry)
            self._entries[dist] = list(found.values())
        return list(self._entries[dist])

    def read(self, name: str) -> Convention:
        """The convention of a bare or qualified name, called by the name that means just it.

        Raises:
            UnknownName, CallError: if there is none of that name, or there are several.
            DocumentError: if its file is no convention.
        """
        return self._load(self.get(name))

    def usable(self) -> list[Convention]:
        """All whose files can be read, the highest rank first."""
        found = []
        for entry in self.entries():
            try:
                found.append(self._load(entry))
            except VocolabError:  # 'vocolab conventions' tells it; here one broken file costs only itself
                continue
        return sorted(found, key=lambda known: -known.rank)

    def _load(self, entry: Entry[ConventionFile]) -> Convention:
        if entry.qualified not in self._read:
            bare = entry.builtin or sum(other.name == entry.name for other in self.entries()) == 1
            try:
                self._read[entry.qualified] = read_convention(entry.spec.file, entry.name if bare else entry.qualified)
            except VocolabError as error:
                self._read[entry.qualified] = error
        known = self._read[entry.qualified]
        if isinstance(known, VocolabError):
            raise known
        return known
