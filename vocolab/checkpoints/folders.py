"""Which file of a folder holds the weights."""

from __future__ import annotations

import re
from pathlib import Path

from vocolab.errors import CheckpointError, listed

_SUFFIXES = (".safetensors", ".bin", ".pt", ".pth", ".ckpt", ".nemo", ".pkl", ".tar", ".pyt", ".model")
_OFFICIAL = re.compile(r"(g_\d+|generator\w*|model)")
"""HiFi-GAN's generators have no suffix, g_02500000 or generator_v1; NSF-HiFi-GAN's is called model."""
_TRAINING_ONLY = re.compile(
    r".*(discriminator|optimizer|scheduler|training_args|rng_state|scaler\.|stats\.).*|do_\d+.*"
)
_SHARD = re.compile(r"(.+)-(\d{5})-of-(\d{5})\.(safetensors|bin)")
_STEP = re.compile(r"(?<![vV])\d+")
_LAST = "last.ckpt"
_TWICE = (("model.safetensors", "pytorch_model.bin"), ("model.safetensors", "pytorch_model.pt"))


def weights_in(folder: Path) -> tuple[Path, str]:
    """The file of weights in a folder, and what is to be said about the choice; empty where there was none.

    Where the same weights are there as safetensors and as pickle, safetensors is taken. Of checkpoints that differ in
    their step only, g_00010000 and g_02500000, the newest is taken.

    Raises:
        CheckpointError: if there is none, or which one is meant is not plain.
    """
    files, folders = _listed(folder)
    found = [path for path in files if not _TRAINING_ONLY.fullmatch(path.name.lower())] or files
    names = {path.name for path in found}
    for twice in _TWICE:
        if names == set(twice):
            return folder / twice[0], f"{twice[0]} taken, not {twice[1]} beside it"
    if not found:
        below = [path for path in folders if _holds_weights(path)]
        if len(below) == 1:
            return weights_in(below[0])
        raise CheckpointError(f"the folder holds no weights ({', '.join(_SUFFIXES)}, g_*)", about=folder)
    if all(_SHARD.fullmatch(path.name) for path in found):
        return found[0], ""
    if len(found) > 1 and (newest := _newest(found)) is not None:
        return newest, f"{newest.name} taken, the newest of {len(found)} in the folder"
    if len(found) > 1:
        told = listed(path.name for path in found)
        raise CheckpointError(f"the folder holds {len(found)} files of weights: {told}; name one of them", about=folder)
    return found[0], ""


def _listed(folder: Path) -> tuple[list[Path], list[Path]]:
    """Files that may be weights, and folders."""
    try:
        entries = sorted(folder.iterdir())
        files = [path for path in entries if path.is_file() and _may_be_weights(path)]
        return files, [path for path in entries if path.is_dir()]
    except OSError as error:
        raise CheckpointError(f"can't be read: {error.strerror or error}", about=folder) from error


def shards_of(file: Path) -> list[Path]:
    """All parts of the weights that `file` is a part of, by their names; only `file` where it is whole.

    Raises:
        CheckpointError: if parts are missing.
    """
    match = _SHARD.fullmatch(file.name)
    if match is None:
        return [file]
    stem, _, count, suffix = match.groups()
    paths = [file.with_name(f"{stem}-{number:05d}-of-{count}.{suffix}") for number in range(1, int(count) + 1)]
    missing = [path.name for path in paths if not path.is_file()]
    if missing:
        raise CheckpointError(
            f"is one of {int(count)} shards of a checkpoint, and {listed(missing, 4)} is missing beside it: fetch "
            f"all of "
            "them",
            about=file,
        )
    return paths


def _newest(paths: list[Path]) -> Path | None:
    """The one of the highest step, if the names differ in numbers and in nothing else; v1 and v2 are no steps."""
    last = [path for path in paths if path.name == _LAST]
    if last or len({_STEP.sub("#", path.name) for path in paths}) != 1:
        return last[0] if last else None
    return max(paths, key=lambda path: tuple(map(int, _STEP.findall(path.name))))


def _holds_weights(folder: Path) -> bool:
    try:
        return any(path.is_file() and _may_be_weights(path) for path in folder.iterdir())
    except OSError:
        return False


def _may_be_weights(path: Path) -> bool:
    return path.suffix.lower() in _SUFFIXES or _OFFICIAL.fullmatch(path.name) is not None
