"""Mel conventions by name: those that plugins describe, and files of one's own."""

from __future__ import annotations

import os
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

from vocolab.errors import CallError, VocolabError
from vocolab.mels.convention_files import Convention, read_convention
from vocolab.mels.spec import MelSpec

if TYPE_CHECKING:
    from vocolab.catalog.conventions import ConventionRegistry

SUFFIX = ".toml"
_registries: dict[str, ConventionRegistry] = {}


def use(registry: ConventionRegistry) -> None:
    """Let names mean the conventions of this registry from now on: what a catalog with fewer plugins knows."""
    _registries.clear()
    _registries[_asked_for()] = registry


def convention_names() -> list[str]:
    """The names of all conventions that are complete by themselves, the most widespread first."""
    return [known.name for known in conventions()]


def conventions() -> list[Convention]:
    """All conventions that are complete by themselves, in the order of `convention_names`."""
    return [known for known in every_convention() if not known.needs_statistics]


def every_convention() -> list[Convention]:
    """All conventions, those too that lack the statistics of a corpus."""
    return _registry().usable()


def named_convention(name: str | os.PathLike[str]) -> Convention:
    """The convention of that bare or qualified name, or the one in that file, where it ends in `.toml`.

    Raises:
        UnknownName: if there is none of that name; with the nearest there is.
        CallError: if several packages have it.
        DocumentError: if the file is no convention.
    """
    text = os.fspath(name)
    if not isinstance(name, str) or text.endswith(SUFFIX):
        return read_convention(Path(text))
    return _registry().read(text)


def convention(
    name: str | os.PathLike[str], *, statistics: str | os.PathLike[str] | None = None
) -> MelSpec:
    """The convention of that name, or the one in that TOML file.

    Args:
        name: A bare or qualified name, or a path that ends in `.toml`.
        statistics: A file with mean and scale of the corpus' bands, for a convention that is normalised by them;
            see `vocolab.mels.statistics`.

    Raises:
        UnknownName: if there is none of that name; with the nearest there is.
        CallError: if several packages have it, or it needs statistics and none are given.
        DocumentError: if the file is no convention.
        MelError: if the statistics can't be read, or are of another number of bands.
    """
    known = named_convention(name)
    if statistics is not None:
        from vocolab.mels.statistics import read_statistics

        return known.spec.with_statistics(*read_statistics(statistics, known.spec.n_mels))
    if known.needs_statistics:
        raise CallError(
            f"mels of {known.name} are normalised by the statistics of their corpus, and it has none of its own: "
            f"'vocolab conventions {known.name} --statistics stats.npz --toml > mine.toml' makes a convention of "
            "both, and mine.toml is then named instead"
        )
    return known.spec


def find_convention(name: str) -> MelSpec | None:
    """The complete convention of a name that may not be installed."""
    try:
        return convention(name)
    except VocolabError:
        return None


def convention_name(spec: MelSpec) -> str | None:
    """The name of a convention whose every field is that of `spec`, or None."""
    same = [known for known in conventions() if known.spec == spec]
    return min(same, key=lambda known: bool(known.same_as)).name if same else None


def nearest_convention(spec: MelSpec) -> tuple[str, tuple[str, ...]]:
    """The name of the convention that has most of its fields from `spec`, and the fields in which the two differ.

    Without any convention installed it is an empty name and all fields.
    """
    names = [field.name for field in fields(MelSpec)]
    differing = {
        known.name: tuple(field for field in names if getattr(known.spec, field) != getattr(spec, field))
        for known in conventions() if not known.same_as
    }
    name = min(differing, key=lambda name: len(differing[name]), default="")
    return name, differing.get(name, tuple(names))


def spelled(spec: MelSpec) -> str:
    """A convention in a message: its name, or what stands out of it."""
    name = convention_name(spec)
    if name:
        return name
    if name := convention_name(spec.without_statistics()):
        return f"{name}, normalised per band"
    return (f"{spec.n_mels} bands of {spec.fmin_hz:g} to {spec.fmax_hz:g} Hz at {spec.sample_rate} Hz, "
            f"hop {spec.hop_samples}")


def _registry() -> ConventionRegistry:
    """What is installed, found out once a process: names are looked up for every message."""
    key = _asked_for()
    if key not in _registries:
        from vocolab.catalog import Catalog

        _registries[key] = Catalog.installed().mel_conventions
    return _registries[key]


def _asked_for() -> str:
    """What decides which plugins load."""
    from vocolab.configuration import configuration_file

    return f"{os.environ.get('VOCOLAB_PLUGINS', '*')} {configuration_file()}"
