"""A plugin's manifest: what it offers, in a TOML file beside its module, so that listing it imports nothing of it.

The entry point `tape = "vocolab_tape.plugin"` has its manifest in `vocolab_tape/plugin.toml`:

    interface = 1

    [[effects]]
    name = "tape"
    summary = "Tape saturation"

    [[presets]]
    folder = "presets"

Tables are called as the hooks are, without `vocolab_`. `vocolab plugins manifest PACKAGE` writes one from the hooks,
and the contract holds it against them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Any

from vocolab import toml
from vocolab.given_files import read_given_text
from vocolab.plugins.hookspecs import INTERFACE_VERSION
from vocolab.plugins.specs import CommandSpec, MelConventionSource, PresetSource, VoiceSource

Facts = Mapping[str, Any]

TABLES: dict[str, tuple[str, ...]] = {
    "vocoders": ("name", "summary"),
    "acoustic_models": ("name", "summary"),
    "synthesizers": ("name", "summary"),
    "models": ("name", "summary", "kind"),
    "languages": ("name", "summary", "tags"),
    "effects": ("name", "summary"),
    "engines": ("name", "summary"),
    "voices": ("name", "summary", "model", "file", "rank"),
    "presets": ("folder",),
    "mel_conventions": ("folder", "rank"),
    "commands": ("name", "summary", "target"),
}
"""What a manifest may hold: its tables, and the keys of each. All of them have to be there but `rank`."""
OPTIONAL = ("rank",)
_WANTED = "texts in quotes are needed; rank is a whole number, tags are a list of texts"

COMPLETE: dict[str, Callable[[Facts, Path], Any]] = {
    "voices": lambda facts, folder: VoiceSource(
        name=facts["name"], model=facts["model"], summary=facts["summary"], file=_inside(folder, facts["file"]),
        rank=facts.get("rank", 0)),
    "presets": lambda facts, folder: PresetSource(folder=_inside(folder, facts["folder"])),
    "mel_conventions": lambda facts, folder: MelConventionSource(folder=_inside(folder, facts["folder"])),
    "commands": lambda facts, folder: CommandSpec(
        name=facts["name"], summary=facts["summary"], target=facts["target"]),
}
"""The tables that say all there is to say: what is in them is used without the plugin's module."""


class ManifestError(ValueError):
    """A manifest that can't be used."""


@dataclass(frozen=True)
class Manifest:
    """What a plugin says that it offers."""

    file: Path
    interface: int = 1
    tables: Mapping[str, list[Facts]] = field(default_factory=dict)
    """By the names of the hooks, without `vocolab_`."""

    @property
    def hooks(self) -> list[str]:
        """The hooks that it speaks of."""
        return sorted(f"vocolab_{name}" for name in self.tables)


def module_file(module: str) -> Path | None:
    """The file of an entry point's module, found without importing its package; None where it can't be."""
    parts = module.split(".")
    found = PathFinder.find_spec(parts[0])
    if found is None or len(parts) == 1:
        return Path(found.origin) if found is not None and found.origin else None
    for place in found.submodule_search_locations or ():
        file = Path(place, *parts[1:])
        for candidate in (file.with_suffix(".py"), file / "__init__.py"):
            if candidate.is_file():
                return candidate
    return None


def manifest_file(module: str) -> Path | None:
    """Where the manifest of an entry point's module is, or would be; None where nobody can say. Imports nothing."""
    file = module_file(module)
    if file is None:
        return None
    return file.with_suffix(".toml") if file.name != "__init__.py" else file.parent.with_suffix(".toml")


def read_manifest(module: str) -> Manifest | None:
    """The manifest of an entry point's module, None where there is none.

    Raises:
        ManifestError: if there is one that can't be used; says what is wrong with it.
    """
    file = manifest_file(module)
    if file is None or not file.is_file():
        return None
    try:
        document = toml.loads(read_given_text(file))
    except (OSError, ValueError) as error:
        raise ManifestError(f"{file}: {error}") from error
    interface = document.pop("interface", None)
    if isinstance(interface, bool) or not isinstance(interface, int):
        raise ManifestError(f"{file}: state the version of the plugin interface: interface = {INTERFACE_VERSION}")
    if unknown := sorted(set(document) - set(TABLES)):
        raise ManifestError(f"{file}: unknown: {', '.join(unknown)}; there is: {', '.join(TABLES)}")
    for name, rows in document.items():
        _check_table(file, name, rows)
    return Manifest(file, interface, document)


def _check_table(file: Path, name: str, rows: object) -> None:
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ManifestError(f"{file}: {name} has to be a list of tables: [[{name}]]")
    for row in rows:
        if missing := [key for key in TABLES[name] if key not in row and key not in OPTIONAL]:
            raise ManifestError(f"{file}: [[{name}]] {row.get('name', '')} lacks {', '.join(missing)}")
        if unknown := sorted(set(row) - set(TABLES[name])):
            raise ManifestError(f"{file}: [[{name}]] has {', '.join(unknown)}; it takes {', '.join(TABLES[name])}")
        if wrong := sorted(key for key, value in row.items() if not _is_right(key, value)):
            raise ManifestError(f"{file}: [[{name}]]: {', '.join(wrong)}: {_WANTED}")
        try:
            if name in COMPLETE:
                COMPLETE[name](row, file.parent)
        except (TypeError, ValueError) as error:
            raise ManifestError(f"{file}: [[{name}]]: {error}") from error


def _is_right(key: str, value: object) -> bool:
    """Whether a value is of its key's kind."""
    if key == "rank":
        return isinstance(value, int) and not isinstance(value, bool)
    if key == "tags":
        return isinstance(value, list) and all(isinstance(tag, str) for tag in value)
    return isinstance(value, str)


def _inside(folder: Path, given: object) -> Path:
    """A file or a folder of the package.

    Raises:
        ValueError: if it is not in the package's folder.
    """
    path = folder / str(given)
    if not path.resolve().is_relative_to(folder.resolve()):
        raise ValueError(f"{given!r} is not in the package's folder")
    return path
