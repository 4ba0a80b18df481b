"""What a first call can try: one command that works with the files that are there."""

from __future__ import annotations

import shlex
from itertools import islice
from pathlib import Path

from vocolab.files.finding import AUDIO_SUFFIXES
from vocolab.given_files import open_given

_PLACES = (".", "examples")
_MOST_FILES = 1000
_BANDS = {80, 100, 128}
"""Bands that mels usually have, told from other arrays by the header alone."""


def suggestion() -> str:
    """A command line for a mel or a recording in this folder or in `examples`; for a text where there is neither."""
    files = [path for place in _PLACES for path in _files(Path(place))]
    if mel := next((path for path in files if _is_mel(path)), None):
        return f"vocolab render {shlex.quote(str(mel))} -o {shlex.quote(f'{mel.stem}.wav')} --preset podcast"
    if audio := next((path for path in files if path.suffix.lower() in AUDIO_SUFFIXES), None):
        return f"vocolab measure {shlex.quote(_told(audio))}"
    return "vocolab text 'On 3 May 2024 Dr. Smith paid $12.50.'"


def _files(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in islice(folder.iterdir(), _MOST_FILES) if not path.name.startswith("."))
    except OSError:
        return []


def _told(path: Path) -> str:
    """A name that no option is: `./-x.wav`."""
    return f"./{path}" if str(path).startswith("-") else str(path)


def _is_mel(path: Path) -> bool:
    """Whether a `.npy` file's header is that of a mel: two axes, one of them of usual bands."""
    if path.suffix.lower() != ".npy" or str(path).startswith("-"):
        return False
    try:
        with open_given(path) as stream:
            start = stream.read(200)
    except OSError:
        return False
    header = start[10:].partition(b"}")[0].decode("latin-1")
    if not start.startswith(b"\x93NUMPY") or "'<f" not in header:
        return False
    shape = header.partition("'shape': (")[2].partition(")")[0].split(",")
    sizes = [int(size) for size in shape if size.isascii() and size.strip().isdigit()]
    return len(sizes) == 2 and bool(_BANDS & set(sizes)) and min(sizes) > 1
