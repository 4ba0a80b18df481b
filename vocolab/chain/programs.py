"""Programs that a preset names: data from anybody must not become code, unless the user said so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from vocolab.configuration import config
from vocolab.options import Options, program_options


def program_problems(use: str, schema: type[Options], stated: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Options by which a preset would run a program that its user has not allowed, each with what is wrong.

    Allowed is what lies in a folder of `paths.vst3` in the user's configuration, with every link resolved.

    Args:
        use: What the preset calls the effect.
        schema: The effect's options.
        stated: What the preset itself states, already found right; what the command line says is not in it.
    """
    for option in program_options(schema):
        value = stated.get(option)
        if isinstance(value, str) and value and not _allowed(value):
            yield option, _refusal(use, option, value)


def _allowed(value: str) -> bool:
    folders = config().vst3_folders
    try:
        real = Path(value).expanduser().resolve()
        return any(real.is_relative_to(folder.resolve()) for folder in folders)
    except (OSError, RuntimeError, ValueError):  # links in a ring, no home, a path with a NUL
        return False


def _refusal(use: str, option: str, value: str) -> str:
    known = config()
    folders = ", ".join(map(str, known.vst3_folders)) or "none"
    return (f"{option} = {value!r}: a preset may not choose a program to run. Where you trust it, say "
            f"--set {use}.{option}=..., or allow its folder under [paths] vst3 in {known.file} (now: {folders})")
