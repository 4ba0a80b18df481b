"""What a command works on: files, folders and patterns of its arguments, or `-` for standard input."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import click

from vocolab.cli.session import Session
from vocolab.errors import CallError
from vocolab.files.finding import AUDIO_SUFFIXES, MEL_SUFFIXES, MORE_MEL_SUFFIXES, Found, find_files

STANDARD = Path("-")
"""Standard input among inputs, standard output as an output."""
STDIN = "standard input"
"""What messages call it."""


class InputPath(click.Path):
    """A path, of which `-` alone is standard input or output; a file of that name is `./-`."""

    def __init__(self) -> None:
        super().__init__(path_type=Path, allow_dash=True)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path."""
        converted = Path(str(super().convert(value, param, ctx)))
        return converted.absolute() if converted == STANDARD and str(value) != "-" else converted


INPUT = InputPath()


def audio_inputs(
    session: Session, named: Sequence[Path], *, out_dir: Path | None = None, made_as: str = ""
) -> list[Found]:
    """The audio files that are meant.

    Args:
        session: Is told what is left out.
        named: Files, folders, patterns, or `-`.
        out_dir: A folder for the results, which holds no inputs.
        made_as: What the command puts behind the names of its results, such as ".mastered": results of an earlier
            call, beside the file that they were made of, are left out.

    Raises:
        CallError: if a folder or a pattern stands for no audio file; if `-` is not alone.
        InputError: if a folder can't be read.
    """
    found = _inputs(named, AUDIO_SUFFIXES, "audio", out_dir)
    if not made_as:
        return found
    chosen = _without_results(found, made_as)
    if len(chosen) < len(found):
        left = len(found) - len(chosen)
        session.say(f"{left} {'file' if left == 1 else 'files'} left out: *{made_as}.* beside what it was made of")
    return chosen


def mel_inputs(named: Sequence[Path], *, out_dir: Path | None = None) -> list[Found]:
    """The same for mel files."""
    return _inputs(named, MEL_SUFFIXES, "a mel", out_dir, MORE_MEL_SUFFIXES)


def _inputs(
    named: Sequence[Path], suffixes: Collection[str], what: str, out_dir: Path | None,
    else_suffixes: Collection[str] = (),
) -> list[Found]:
    if STANDARD not in named:
        return find_files(named, suffixes, what, else_suffixes=else_suffixes, without=out_dir)
    if len(named) > 1:
        raise CallError("- is standard input, and is read alone: give files in a call of their own")
    return [Found(STANDARD, Path("stdin"))]


def _without_results(found: Sequence[Found], made_as: str) -> list[Found]:
    sources = {(one.path.parent, one.path.stem) for one in found}

    def is_result(path: Path) -> bool:
        return path.stem.endswith(made_as) and (path.parent, path.stem.removesuffix(made_as)) in sources

    return [one for one in found if not is_result(one.path)]
