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

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Any

from vocolab import toml
from vocolab.given_files import read_given_text
from vocolab.plugins.hookspecs import INTERFACE_VERSION
from vocolab.plugins.sources import NAME, CommandSpec, MelConventionSource, PresetSource, VoiceSource

Facts = Mapping[str, Any]

_ABILITIES = ("needs_voice", "recogniser", "converter", "trainer", "exporter", "recipes")
TABLES: dict[str, tuple[str, ...]] = {
    "vocoders": ("name", "summary", *_ABILITIES),
    "acoustic_models": ("name", "summary", *_ABILITIES),
    "synthesizers": ("name", "summary", *_ABILITIES),
    "models": ("name", "summary", "kind", *_ABILITIES),
    "languages": ("name", "summary", "tags"),
    "effects": ("name", "summary", "turns_down"),
    "detectors": ("name", "summary"),
    "engines": ("name", "summary", "packages", "devices", "extra", "rank"),
    "voices": ("name", "summary", "model", "file", "rank"),
    "presets": ("folder",),
    "mel_conventions": ("folder", "rank"),
    "commands": ("name", "summary", "target"),
}
"""What a manifest may hold: its tables, and the keys of each, which are called as the fields of the specs."""
OPTIONAL: dict[str, Any] = {
    "rank": 0, "needs_voice": None, "recogniser": "", "converter": "", "trainer": "", "exporter": "", "recipes": None,
    "packages": [], "devices": ["cpu"], "extra": "", "turns_down": False,
}
"""The keys that may be left out, and what that means; all others have to be there. None: nobody has said."""
PLACES = ("file", "folder", "recipes")
"""The keys that name what is in the package, from the manifest's folder on."""
_WANTED = ("texts in quotes are needed, a name of lower case letters, digits and hyphens, a summary of one line; rank "
           "is a whole number; needs_voice and turns_down are true or false; tags, packages and devices are lists of "
           "texts")
_LISTS, _FLAGS = ("tags", "packages", "devices"), ("needs_voice", "turns_down")
_LONGEST_SUMMARY = 500

COMPLETE: dict[str, Callable[..., Any]] = {
    "voices": VoiceSource, "presets": PresetSource, "mel_conventions": MelConventionSource, "commands": CommandSpec,
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
    """By the names of the hooks, without `vocolab_`; what names a file or a folder is its path."""

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
    return Manifest(file, interface, {name: _checked_table(file, name, rows) for name, rows in document.items()})


def _checked_table(file: Path, name: str, rows: object) -> list[Facts]:
    """The rows of a table, with paths in the place of what names a file or a folder."""
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ManifestError(f"{file}: {name} has to be a list of tables: [[{name}]]")
    _check_once(file, name, rows)
    found: list[Facts] = []
    for row in rows:
        if missing := [key for key in TABLES[name] if key not in row and key not in OPTIONAL]:
            raise ManifestError(f"{file}: [[{name}]] {row.get('name', '')} lacks {', '.join(missing)}")
        if unknown := sorted(set(row) - set(TABLES[name])):
            raise ManifestError(f"{file}: [[{name}]] has {', '.join(unknown)}; it takes {', '.join(TABLES[name])}")
        if wrong := sorted(key for key, value in row.items() if not _is_right(key, value)):
            raise ManifestError(f"{file}: [[{name}]]: {', '.join(wrong)}: {_WANTED}")
        try:
            found.append({key: _inside(file.parent, value) if key in PLACES else value for key, value in row.items()})
            if name in COMPLETE:
                COMPLETE[name](**found[-1])
        except (TypeError, ValueError) as error:
            raise ManifestError(f"{file}: [[{name}]]: {error}") from error
    return found


def _check_once(file: Path, name: str, rows: list[Facts]) -> None:
    counted = Counter(str(row["name"]) for row in rows if "name" in row)
    if twice := [one for one, count in counted.items() if count > 1]:
        raise ManifestError(f"{file}: [[{name}]] has {twice[0][:80]!r} more than once")


def _is_right(key: str, value: object) -> bool:
    """Whether a value is of its key's kind."""
    if key == "rank":
        return isinstance(value, int) and not isinstance(value, bool)
    if key in _FLAGS:
        return isinstance(value, bool)
    if key in _LISTS:
        return isinstance(value, list) and all(isinstance(one, str) for one in value)
    if not isinstance(value, str):
        return False
    if key == "name":
        return NAME.fullmatch(value) is not None
    return key != "summary" or (value.isprintable() and len(value) <= _LONGEST_SUMMARY)


def _inside(folder: Path, given: object) -> Path:
    """A file or a folder of the package.

    Raises:
        ValueError: if it is not in the package's folder.
    """
    path = folder / str(given)
    if not path.resolve().is_relative_to(folder.resolve()):
        raise ValueError(f"{given!r} is not in the package's folder")
    return path
