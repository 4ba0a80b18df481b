"""A folder of recordings in LJ Speech's layout: what its metadata names, and which audio files there are.

    DIR/metadata.csv      one clip a line: name|text, name|text|normalised text, or name|text|seconds; a field with the
                          speaker may stand anywhere behind the name. Without the file every recording is a clip
    DIR/wavs/NAME.wav     also wav/, flac/, audio/, clips/ or DIR itself, and .flac
    DIR/validation.txt    names that are never trained on, one a line; optional
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from vocolab.corpora.columns import field, text_columns
from vocolab.errors import CorpusError, listed
from vocolab.files.finding import AUDIO_SUFFIXES
from vocolab.given_files import read_given

METADATA = "metadata.csv"
VALIDATION = "validation.txt"
AUDIO_FOLDERS = ("flac", "wav", "wavs", "flacs", "audio", "clips", ".")
"""Where recordings are looked for, in this order."""
_SUFFIXES = (".flac", ".wav")
_LONGEST_NAME = 250
"""Bytes: what a file name holds beside its suffix."""
_UNWRITABLE = re.compile(r"[|\n\r\\\udc80-\udcff]|^\s|\s$|\.(?=(flac|wav)$)", re.IGNORECASE)
"""What a file may be named with and a line of the metadata not; bytes that are no UTF-8 are surrogates here."""
MOST_LIST_BYTES = 256_000_000
"""Of a corpus's metadata: a few million clips."""


@dataclass(frozen=True)
class Line:
    """One line of the metadata."""

    number: int
    """Counted from 1; 0 for a recording of a folder without metadata."""
    name: str
    text: str = ""
    normalised: str = ""
    """The text in words, where the line has it."""

    @property
    def spoken(self) -> str:
        """The text as it is read aloud."""
        return self.normalised or self.text


@dataclass(frozen=True)
class Listing:
    """The clips that a folder names."""

    lines: list[Line]
    assumed: tuple[str, ...] = ()
    """What was taken for granted in reading them, for people."""


def read_listing(folder: Path) -> Listing:
    """The lines of `folder`'s metadata, or where there is none a line for each recording, which then have no texts.

    Raises:
        CorpusError: if there is no folder, it holds neither metadata nor recordings, or what `read_metadata` raises.
    """
    check_folder(folder)
    if (folder / METADATA).exists():
        return _read(folder)
    recordings = list(index_audio(folder))
    if not recordings:
        raise CorpusError(_nothing_in(folder), about=folder)
    assumed = f"no {METADATA}: its {len(recordings)} recordings are clips without texts, as vocoders are trained on"
    return Listing([Line(0, name) for name in recordings], (assumed,))


def read_metadata(folder: Path) -> list[Line]:
    """The lines of `folder`'s metadata, empty ones left out.

    Raises:
        CorpusError: if there is no folder or no metadata, it is no text in UTF-8, or it names nothing.
    """
    check_folder(folder)
    return _read(folder).lines


def _read(folder: Path) -> Listing:
    path = folder / METADATA
    rows = [(number, [field.strip() for field in line.split("|")])
            for number, line in enumerate(_text_lines(path), 1) if line.strip()]
    if not rows:
        raise CorpusError("names no clip; write one a line, as in: clip_1|What is said in it.", about=path)
    texts, aside = text_columns([fields[1:] for _, fields in rows])
    lines = [_line(number, fields, texts) for number, fields in rows]
    return Listing(lines, (f"{METADATA}: {aside}",) if aside else ())


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
    """The audio files of `folder` by their names without suffix; of several the preferred one stands first.

    What a file is named with and no line can have, such as |, a line end or bytes that are no UTF-8, stands as % and
    two digits.
    """
    found: dict[str, list[Path]] = {}
    for place in AUDIO_FOLDERS:
        inside = folder / place
        if inside.is_dir():
            for path in sorted(inside.iterdir()):
                if path.suffix.lower() in _SUFFIXES and not path.name.startswith("."):
                    found.setdefault(_written(path.stem), []).append(path)
    return found


def _nothing_in(folder: Path) -> str:
    """What to say of a folder without metadata and recordings."""
    inside = [path for place in AUDIO_FOLDERS if (folder / place).is_dir() for path in (folder / place).iterdir()]
    others = Counter(path.suffix.lower() for path in inside if path.suffix.lower() in AUDIO_SUFFIXES)
    deeper = sorted({path.parent for path in folder.glob("*/*") if path.suffix.lower() in _SUFFIXES})
    hint = ""
    if others:
        suffix, count = others.most_common(1)[0]
        hint = f"; it has {count} {suffix}, which 'vocolab master --preset none' brings to FLAC"
    elif deeper:
        hint = f"; {listed(path.name for path in deeper)} has some: name that folder, or put all in one"
    places = ", ".join(place for place in AUDIO_FOLDERS if place != ".")
    return (f"holds neither {METADATA}, a line a clip as name|text, nor recordings ({', '.join(_SUFFIXES)}) in itself "
            f"or {places}{hint}")


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


def _line(number: int, fields: Sequence[str], texts: Sequence[int]) -> Line:
    found = [field(fields[1:], column) for column in texts[:2]]
    text, normalised = (*found, "", "")[:2]
    return Line(number, _without_suffix(fields[0]), text, normalised)


def _written(stem: str) -> str:
    """A file's name as a line of the metadata can have it."""
    return _UNWRITABLE.sub(lambda sign: f"%{ord(sign[0]) & 0xFF:02x}", stem)


def _without_suffix(name: str) -> str:
    """Some lists name files, LJ Speech's names them without their suffix."""
    suffix = next((suffix for suffix in _SUFFIXES if name.lower().endswith(suffix)), "")
    return name[: len(name) - len(suffix)]
