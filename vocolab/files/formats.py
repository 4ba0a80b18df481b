"""The audio files that can be written: container, bit depth, and their limits."""

from __future__ import annotations

from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Literal, TypeAlias

from vocolab.errors import CallError

BitDepth: TypeAlias = Literal[16, 24, 32]
"""Bits a sample: 16 and 24 are whole numbers, 32 is float."""

BIT_DEPTHS: tuple[BitDepth, ...] = (16, 24, 32)

_SUBTYPES: dict[int, str] = {16: "PCM_16", 24: "PCM_24", 32: "FLOAT"}


@dataclass(frozen=True)
class Container:
    """A file format by its suffix."""

    suffix: str
    name: str
    """As soundfile calls it."""
    bit_depths: tuple[BitDepth, ...]
    most_channels: int


CONTAINERS = {
    ".wav": Container(".wav", "WAV", (16, 24, 32), 64),
    ".flac": Container(".flac", "FLAC", (16, 24), 8),
}


def container_of(path: str | PathLike[str]) -> Container:
    """The container that the suffix of `path` names.

    Raises:
        CallError: if there is none of that suffix.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in CONTAINERS:
        found = f"the suffix {suffix!r} names no format" if suffix else "has no suffix"
        raise CallError(f"{path}: {found} that audio can be written in; allowed: {', '.join(CONTAINERS)}")
    return CONTAINERS[suffix]


def check_output(path: str | PathLike[str], bit_depth: int, channels: int = 1) -> Container:
    """The container for `path`, if it takes `bit_depth` and `channels`.

    Raises:
        CallError: if it does not, naming what it takes.
    """
    container = container_of(path)
    if bit_depth not in container.bit_depths:
        allowed = ", ".join(str(depth) for depth in container.bit_depths)
        raise CallError(f"{path}: {container.name} can't hold a bit depth of {bit_depth}; allowed: {allowed}")
    if not 1 <= channels <= container.most_channels:
        raise CallError(f"{path}: {container.name} holds 1 to {container.most_channels} channels, not {channels}")
    return container


def subtype(bit_depth: BitDepth) -> str:
    """soundfile's name for samples of `bit_depth`."""
    return _SUBTYPES[bit_depth]
