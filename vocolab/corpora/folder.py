"""A folder of recordings in LJ Speech's layout: what its metadata names, and which audio files there are.

    DIR/metadata.csv      one clip a line: name|text, name|text|normalised text, or name|text|seconds
    DIR/wavs/NAME.wav     also wav/, flac/, audio/, clips/ or DIR itself, and .flac
    DIR/validation.txt    names that are never trained on, one a line; optional
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from vocolab.errors import CorpusError
from vocolab.given_files import read_given

METADATA = "metadata.csv"
VALIDATION = "validation.txt"
AUDIO_FOLDERS = ("flac", "wav", "wavs", "flacs", "audio", "clips", ".")
"""Where recordings are looked for, in this order."""
_SUFFIXES = (".flac", ".wav")
_NUMBER = re.compile(r"\d+(\.\d*)?")
_LONGEST_NAME = 200
MOST_LIST_BYTES = 256_000_000
"""Of a corpus's metadata: a few million clips."""


@dataclass(frozen=True)
class Line:
    """One line of the metadata."""

    number: int
    """Counted from 1."""
    name: str
    text: str = ""
    normalised: str = ""
    """The text in words, where the line has it."""

    @property
    def spoken(self) -> str:
        """The text as it is read aloud."""
        return self.normalised or self.text


def read_metadata(folder: Path) -> list[Line]:
    """The lines of `folder`'s metadata, empty ones left out.

    Raises:
        CorpusError: if there is no folder or no metadata, it is no text in UTF-8, or it names nothing.
    """
    check_folder(folder)
    path = folder / METADATA
    lines = [_parse(number, line) for number, line in enumerate(_text_lines(path), 1) if line.strip()]
    if not lines:
        raise CorpusError("names no clip; write one a line, as in: clip_1|What is said in it.", about=path)
    return lines


def check_folder(folder: Path) -> None:
    """See that `folder` is one.

    Raises:
        CorpusError: if it is not there, or a file.
    """
    if not folder.is_dir():
        found = "a corpus is a folder, and this is a file" if folder.exists() else "there is no such folder"
        raise CorpusError(
            f"{found}; give one with a {METADATA} and the recordings in wavs/, wav/ or flac/", about=folder
        )


def read_validation(folder: Path) -> list[str] | None:
    """The names that are held out; None where the folder does not say.

    Raises:
        CorpusError: if the file is no text in UTF-8.
    """
    path = folder / VALIDATION
    if not path.exists():
        return None
    return [_without_suffix(line.split("|")[0].strip()) for line in _text_lines(path) if line.strip()]


def name_problem(name: str) -> str | None:
    """Why no file may be named after `name`; None where one may."""
    if not name:
        return "the line has no name before its first |"
    if any(part in name for part in ("/", "\\", "\0")) or name.startswith("."):
        return "a name is a bare file name, without folders and without a dot in front"
    if len(name.encode()) > _LONGEST_NAME:
        return f"the name is longer than {_LONGEST_NAME} bytes"
    return None


def index_audio(folder: Path) -> dict[str, list[Path]]:
    """The audio files of `folder` by their names without suffix; of several the preferred one stands first."""
    found: dict[str, list[Path]] = {}
    for place in AUDIO_FOLDERS:
        inside = folder / place
        if inside.is_dir():
            for path in sorted(inside.iterdir()):
                if path.suffix.lower() in _SUFFIXES and not path.name.startswith("."):
                    found.setdefault(path.stem, []).append(path)
    return found


def _text_lines(path: Path) -> list[str]:
    try:
        text = read_given(path, MOST_LIST_BYTES).decode("utf-8-sig")
    except OSError as error:
        raise CorpusError(
            f"a corpus needs this file, one clip a line as name|text: {_reason(error)}",
            about=path,
        ) from error
    except UnicodeDecodeError as error:
        raise CorpusError(f"not UTF-8 text (byte {error.start}: {error.reason}); convert it", about=path) from error
    # Not splitlines: it takes characters for line ends that may stand in a text.
    return [line.rstrip("\r") for line in text.split("\n")]


def _reason(error: OSError) -> str:
    return "it is not there" if isinstance(error, FileNotFoundError) else error.strerror or str(error)


def _parse(number: int, line: str) -> Line:
    name, *rest = (field.strip() for field in line.split("|"))
    text = rest[0] if rest else ""
    third = rest[1] if len(rest) > 1 else ""
    return Line(number, _without_suffix(name), text, "" if _NUMBER.fullmatch(third) else third)


def _without_suffix(name: str) -> str:
    """Some lists name files, LJ Speech's names them without their suffix."""
    suffix = next((suffix for suffix in _SUFFIXES if name.lower().endswith(suffix)), "")
    return name[: len(name) - len(suffix)]
