"""The TOML files in a folder, of which each has a name: presets and recipes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

SUFFIX = ".toml"


def toml_files(folder: Traversable) -> Iterator[tuple[str, Traversable]]:
    """NAME and file of each `NAME.toml`, sorted; none if the folder is missing or can't be read."""
    try:
        found = sorted(folder.iterdir(), key=lambda file: file.name.removesuffix(SUFFIX)) if folder.is_dir() else []
    except OSError:  # a folder that can't be read holds nothing that could be used
        found = []
    for file in found:
        if file.name.endswith(SUFFIX) and file.is_file():
            yield file.name[: -len(SUFFIX)], file
