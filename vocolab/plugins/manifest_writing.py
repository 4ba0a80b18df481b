"""A manifest written from what a plugin's hooks give."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vocolab.plugins.hookspecs import INTERFACE_VERSION
from vocolab.plugins.manifest import OPTIONAL, PLACES, TABLES, Facts
from vocolab.toml_writing import toml_lines


def manifest_text(given: Mapping[str, list[Any]], folder: Path) -> str:
    """The text of a manifest.

    Args:
        given: The specs that each hook gave, by the hook's name without `vocolab_`.
        folder: That of the plugin's module, which files and folders are named from.

    Raises:
        ValueError: if a file or a folder is not in there.
    """
    parts = [f"interface = {INTERFACE_VERSION}"]
    for name, specs in given.items():
        for spec in specs:
            parts.append("\n".join([f"[[{name}]]", *toml_lines(manifest_facts(name, spec, folder))]))
    return "\n\n".join(parts) + "\n"


def manifest_facts(name: str, spec: Any, folder: Path) -> dict[str, Any]:
    """What a manifest says of one spec."""
    facts = {key: getattr(spec, key) for key in TABLES[name] if hasattr(spec, key)}
    for key in PLACES:
        if facts.get(key) is not None:
            relative = Path(os.path.relpath(str(facts[key]), folder))
            if relative.parts and relative.parts[0] == "..":
                raise ValueError(f"{facts[key]} is not in {folder}: ship it inside the package")
            facts[key] = relative.as_posix()
    plain = {key: list(value) if isinstance(value, tuple) else value for key, value in facts.items()}
    return {key: value for key, value in plain.items() if not (key in OPTIONAL and value == OPTIONAL[key])}


def written_facts(facts: Facts, folder: Path) -> dict[str, Any]:
    """What a manifest that was read said of one thing, as `manifest_facts` says it."""
    named = {key: Path(os.path.relpath(value, folder)).as_posix() if key in PLACES else value
             for key, value in facts.items()}
    return {key: value for key, value in named.items() if not (key in OPTIONAL and value == OPTIONAL[key])}
