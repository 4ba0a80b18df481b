"""Programs and files that a preset names: data from anybody must not become code, or open what it likes.

A user's configuration says which folders presets may name them from. What is said on the command line is the user's own
word.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from vocolab.configuration import config
from vocolab.options import Options, file_options, program_options


def program_problems(use: str, schema: type[Options], stated: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Options by which a preset would run a program, or read a file, that its user has not allowed; what is wrong.

    Allowed is what lies in a folder of `paths.vst3`, or of `paths.references`, in the user's configuration, with every
    link resolved.

    Args:
        use: What the preset calls the effect.
        schema: The effect's options.
        stated: What the preset itself states, already found right; what the command line says is not in it.
    """
    known = config()
    for options, folders, key, what in (
        (program_options(schema), known.vst3_folders, "vst3", "a program to run"),
        (file_options(schema), known.reference_folders, "references", "a file to read"),
    ):
        for option in options:
            value = stated.get(option)
            if isinstance(value, str) and value and not _allowed(value, folders):
                yield option, (
                    f"{option} = {value!r}: a preset may not choose {what}. Where you trust it, say "
                    f"--set {use}.{option}=..., or allow its folder under [paths] {key} in {known.file} "
                    f"(now: {', '.join(map(str, folders)) or 'none'})"
                )


def _allowed(value: str, folders: Sequence[Path]) -> bool:
    try:
        real = Path(value).expanduser().resolve()
        return any(real.is_relative_to(folder.resolve()) for folder in folders)
    except (OSError, RuntimeError, ValueError):  # links in a ring, no home, a path with a NUL
        return False
