"""Commands by the manifests alone, for a `--help` that answers at once: nothing of a plugin is imported."""

from __future__ import annotations

from vocolab.plugins.hookspecs import GROUP
from vocolab.plugins.installed import entry_points, package_of
from vocolab.plugins.manifest import ManifestError, read_manifest
from vocolab.plugins.sources import CommandSpec


def declared_commands(dist: str, off: frozenset[str] = frozenset()) -> dict[str, CommandSpec]:
    """The commands that the manifests of a distribution's plugins have, by name.

    Args:
        dist: The distribution; one that was installed without metadata has none.
        off: Names of plugins, or `dist:name`, that are switched off.
    """
    found: dict[str, CommandSpec] = {}
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name):
        package = package_of(entry)
        if package is None or package.name != dist or {entry.name, f"{dist}:{entry.name}"} & off:
            continue
        try:
            manifest = read_manifest(entry.value.partition(":")[0])
        except ManifestError:  # 'vocolab plugins' tells of it
            continue
        for row in manifest.tables.get("commands", ()) if manifest else ():
            found.setdefault(row["name"], CommandSpec(**row))
    return found
