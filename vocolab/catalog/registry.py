"""What all registries do with names."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Generic, TypeVar

from vocolab.plugins.host import HOME, Entry, PluginHost, reachable_names, resolve

E = TypeVar("E")


class Named(ABC, Generic[E]):
    """Things that are found by name.

    Args:
        host: The plugins.
        kind: The word for one in messages: "effect".
        hooks: The hooks that describe them.
    """

    def __init__(self, host: PluginHost, kind: str, *hooks: str) -> None:
        self._host, self.kind, self.hooks = host, kind, hooks

    @abstractmethod
    def entries(self, dist: str = "") -> list[Entry[E]]:
        """All of them, built-in ones first; or those of one distribution, for which no other plugin is imported."""

    def names(self) -> list[str]:
        """A name for each: bare where that is enough, else `dist/name`; sorted."""
        return reachable_names(self.entries())

    def get(self, name: str) -> Entry[E]:
        """The entry that a bare or qualified name means; nothing is imported or read.

        Raises:
            UnknownName: if there is none.
            CallError: if several packages have it.
        """
        for dist in self._looked_in(name):
            pool = self.entries(dist)
            if any(entry.name == name.rpartition("/")[2] for entry in pool):
                return resolve(pool, name, kind=self.kind)
        return resolve(self.entries(), name, kind=self.kind, hooks=self.hooks, records=self._host.records)

    def _looked_in(self, name: str) -> tuple[str, ...]:
        """The distributions that a name is looked for in before all others are imported."""
        dist = name.rpartition("/")[0]
        return (dist,) if dist else (*self._host.first, HOME)
