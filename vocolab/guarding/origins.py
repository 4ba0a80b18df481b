"""Where a component is from: remembered of its class, so that whoever calls an instance can name the package."""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

HOME = "vocolab"
"""The package whose plugins are the built-in ones."""


@dataclass(frozen=True)
class Origin:
    """A component, and the package that brought it."""

    name: str
    kind: str
    """"effect", "vocoder" ..."""
    package: str = ""
    """Empty for a class that no plugin brought."""
    version: str = ""

    @property
    def address(self) -> str:
        """The package and its version, `vocolab-tape 0.3.0`; empty for what is built in or of no package."""
        return f"{self.package} {self.version}" if self.package not in ("", HOME) else ""


_KNOWN: WeakKeyDictionary[type, Origin] = WeakKeyDictionary()
_BROUGHT: dict[str, Origin] = {}
_USED: set[str] = set()


def remember(cls: type, origin: Origin) -> None:
    """Note where a class is from that is going to be used."""
    _KNOWN[cls] = origin
    note_use(origin)


def note_use(origin: Origin) -> None:
    """Note that something of a package is used."""
    _USED.add(origin.package)


def is_used(package: str) -> bool:
    """Whether something of a package has been used in this process, beyond asking what it offers."""
    return package in _USED


def remember_module(module: str, origin: Origin) -> None:
    """Note which plugin a module is of, and the package that it is in."""
    _BROUGHT[module.partition(".")[0]] = origin


def brought_by(module: str) -> Origin | None:
    """The plugin that a module is of; None for one of vocolab's own, or of nobody's."""
    return _BROUGHT.get(module.partition(".")[0])


def origin_of(component: object, kind: str, name: str = "") -> Origin:
    """Where a component is from; of one that no plugin brought only what it is.

    Args:
        component: An instance.
        kind: What it is, for one that is not known.
        name: What it is called there. Empty: as its class.
    """
    for cls in type(component).__mro__:
        if (known := _KNOWN.get(cls)) is not None:
            return known
    return Origin(name or type(component).__name__.lower(), kind)
