"""The recordings to measure with, one at a time."""

from __future__ import annotations

from pathlib import Path

from vocolab.corpora.folder import VALIDATION, index_audio, name_problem, read_metadata, read_validation
from vocolab.corpora.names import NameIndex
from vocolab.errors import CorpusError, listed


def validation_clips(folder: Path, most: int | None = None) -> list[Path]:
    """The files of a corpus' validation prompts, in the order of its metadata.

    Raises:
        CorpusError: if the folder has no metadata, names no prompts for validation, or lacks one of their files.
    """
    named = read_validation(folder)
    lines = [line.name for line in read_metadata(folder)]
    if not named:
        raise CorpusError("names no prompts to validate with; figures of clips that a voice was trained on say "
                          "nothing. 'vocolab data prepare' chooses some before training", about=folder / VALIDATION)
    index = NameIndex(lines)
    wanted = {index.find(name) for name in named}
    return _files(folder, [name for name in lines if name in wanted], most)


def all_clips(folder: Path, most: int | None = None) -> list[Path]:
    """The files of a speaker on whom nothing was trained: its validation prompts, or all where it names none.

    Raises:
        CorpusError: as `validation_clips`.
    """
    if read_validation(folder):
        return validation_clips(folder, most)
    return _files(folder, [line.name for line in read_metadata(folder)], most)


def _files(folder: Path, names: list[str], most: int | None) -> list[Path]:
    files = index_audio(folder)
    index = NameIndex(files)
    found = {name: file for name in names if not name_problem(name) and (file := index.find(name)) is not None}
    missing = [name for name in names if name not in found]
    if missing:
        raise CorpusError(f"{len(missing)} of {len(names)} clips have no .flac or .wav: "
                          f"{listed(missing, 3)}", about=folder)
    if not names:
        raise CorpusError("none of the validation prompts is in metadata.csv", about=folder)
    return [files[file][0] for file in dict.fromkeys(found.values())][:most]
