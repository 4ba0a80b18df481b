"""What is installed, by name, for programs: a line on each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias, get_args

from vocolab.catalog import Catalog
from vocolab.errors import CallError, VocolabError

InstalledKind: TypeAlias = Literal[
    "vocoders", "voices", "effects", "detectors", "engines", "presets", "languages", "models", "conventions"
]


def summaries(catalog: Catalog, kind: InstalledKind) -> dict[str, str]:
    """Summaries by name; presets and conventions whose files can't be used are left out.

    Raises:
        CallError: if there is no such kind.
    """
    if kind not in get_args(InstalledKind):
        raise CallError(f"there are no {kind!r} to list; there are {', '.join(get_args(InstalledKind))}")
    if kind == "presets":
        return _usable(catalog.presets.names(), lambda name: _preset_summary(catalog, name))
    if kind == "conventions":
        return {known.name: known.summary for known in catalog.mel_conventions.usable()}
    registry = getattr(catalog, kind)
    return {name: registry.get(name).summary for name in registry.names()}


def _preset_summary(catalog: Catalog, name: str) -> str:
    from vocolab.chain.presets import check_preset

    return check_preset(name, catalog).summary


def _usable(names: list[str], summary: Callable[[str], str]) -> dict[str, str]:
    found = {}
    for name in names:
        try:
            found[name] = summary(name)
        except VocolabError:  # 'vocolab presets' tells what is wrong with it
            continue
    return found
