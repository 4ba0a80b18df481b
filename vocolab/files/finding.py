"""Files as people name them: one by one, by a folder that holds them, or by a pattern."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from glob import glob, has_magic
from pathlib import Path

from vocolab.errors import CallError, InputError

AUDIO_SUFFIXES = (
    ".wav", ".wave", ".bwf", ".rf64", ".w64", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".aif", ".aiff", ".aifc", ".au",
    ".snd", ".caf", ".m4a", ".aac", ".wma",
)  # fmt: skip
MEL_SUFFIXES = (".npy", ".npz", ".safetensors")
MORE_MEL_SUFFIXES = (".pt", ".pth")
"""A folder of mels may hold checkpoints too: these count where there are none of the others."""


@dataclass(frozen=True)
class Found:
    """A file, and where it stands in the folder that was named."""

    path: Path
    below: Path
    """Its path from that folder on; only its name where the file itself was named."""

    @classmethod
    def itself(cls, path: Path) -> Found:
        """A file that was named."""
        return cls(path, Path(path.name))


def find_files(
    named: Sequence[Path], suffixes: Collection[str], what: str, *, else_suffixes: Collection[str] = (),
    without: Path | None = None,
) -> list[Found]:
    """The files that are meant, each once, in the order in which they were named.

    A folder stands for all files in it and in the folders below it that have one of the suffixes, sorted; hidden ones
    are left out, and links to folders are not followed. A pattern (`*`, `?`, `[...]`, `**` for any folders) stands for
    the files that match. A file that is named itself need not have such a suffix, nor be there.

    Args:
        named: Files, folders, patterns.
        suffixes: In lower case, with their dots.
        else_suffixes: Those that count in a folder that holds none of the others.
        what: What the files are, for messages: "audio".
        without: A folder that is left out where it lies in one that is named: that of the results.

    Raises:
        CallError: if a folder or a pattern stands for no such file.
        InputError: if a folder can't be read.
    """
    found: list[Found] = []
    searched: set[str] = set()
    """Where the files are that a folder or a pattern has led to: each of those is taken once."""
    result_folder = None if without is None else os.path.realpath(without)
    for path in named:
        is_pattern = has_magic(str(path)) and not path.exists()
        if not (is_pattern or path.is_dir()):
            if os.path.realpath(path) not in searched:
                found.append(Found.itself(path))
            continue
        known = searched | {os.path.realpath(one.path) for one in found}
        look = _matching if is_pattern else _in_folder
        meant = look(path, (suffixes, else_suffixes), what, result_folder)
        searched.update(os.path.realpath(one.path) for one in meant)
        found += [one for one in meant if os.path.realpath(one.path) not in known]
    return found


_Suffixes = tuple[Collection[str], Collection[str]]


def _matching(pattern: Path, suffixes: _Suffixes, what: str, result_folder: str | None) -> list[Found]:
    root = _fixed_part(pattern)
    matches = [path for path in map(Path, sorted(glob(str(pattern), recursive=True)))
               if path.is_file() and not _lies_in(path, result_folder)]
    chosen = matches if pattern.suffix else _with_suffix(matches, suffixes)
    if not chosen:
        held = f"of the {len(matches)} files that match none is {what} ({_listed(suffixes)})"
        raise CallError(held if matches else "no file matches this pattern", about=pattern)
    return [Found(path, path.relative_to(root)) for path in chosen]


def _with_suffix(paths: Sequence[Path], suffixes: _Suffixes) -> list[Path]:
    found = ([path for path in paths if path.suffix.lower() in among] for among in suffixes)
    return next((some for some in found if some), [])


def _listed(suffixes: _Suffixes) -> str:
    return " ".join([*suffixes[0], *suffixes[1]])


def _lies_in(path: Path, folder: str | None) -> bool:
    return folder is not None and os.path.realpath(path).startswith(os.path.join(folder, ""))


def _fixed_part(pattern: Path) -> Path:
    """The folders before the first part with a wildcard."""
    fixed: list[str] = []
    for part in pattern.parts[:-1]:
        if has_magic(part):
            break
        fixed.append(part)
    return Path(*fixed)


def _in_folder(folder: Path, suffixes: _Suffixes, what: str, result_folder: str | None) -> list[Found]:
    everything = list(_files_under(folder, result_folder))
    chosen = [Found(path, path.relative_to(folder)) for path in _with_suffix(everything, suffixes)]
    if chosen:
        return chosen
    held = f"of the {len(everything)} files in this folder none is {what} ({_listed(suffixes)})"
    raise CallError(held if everything else "the folder is empty", about=folder)


def _files_under(folder: Path, result_folder: str | None) -> Iterator[Path]:
    """Every file below a folder that is not hidden, sorted, a folder's own before those below it."""

    def fail(error: OSError) -> None:
        raise InputError(f"can't be read: {error.strerror or error}", about=error.filename) from error

    for place, folders, files in os.walk(folder, onerror=fail):
        real = os.path.realpath(place)
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and os.path.join(real, name) != result_folder
        )
        yield from (Path(place, name) for name in sorted(files) if not name.startswith("."))
