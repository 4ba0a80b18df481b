"""Which plugins are installed, and from which packages: read once, since asking for it again takes 10 ms or more.

Python looks through all installed packages at each call of `importlib.metadata.entry_points`, and reads a package's
whole metadata for each mention of its name or its version.
"""

from __future__ import annotations

import importlib.metadata
import os
import sys
from functools import lru_cache
from importlib.metadata import EntryPoint, EntryPoints
from typing import NamedTuple


class Package(NamedTuple):
    """What a plugin was installed with."""

    name: str
    version: str


def entry_points(*, group: str) -> EntryPoints:
    """The entry points of a group, looked for again where a folder that packages are in has changed."""
    return _found(group, tuple((place, _changed_at(place)) for place in sys.path))


def package_of(entry: EntryPoint) -> Package | None:
    """The package that an entry point is from; None for one that is of no package.

    Raises:
        Exception: of any class, if the package's metadata is damaged.
    """
    if entry.dist is None:
        return None
    known = _packages.get(id(entry.dist))
    if known is None or known[0] is not entry.dist:
        known = entry.dist, Package(entry.dist.name, entry.dist.version)
        _packages[id(entry.dist)] = known
    return known[1]


_packages: dict[int, tuple[object, Package]] = {}
"""By the identity of what was asked, which lives as long as it is kept here."""


@lru_cache(maxsize=4)
def _found(group: str, _places: tuple[tuple[str, int], ...]) -> EntryPoints:
    return importlib.metadata.entry_points(group=group)


def _changed_at(place: str) -> int:
    try:
        return os.stat(place or ".").st_mtime_ns
    except OSError:
        return 0
