"""Tags of files that are there: stated and removed without a change to the audio, each file whole or as it was."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import BinaryIO

from vocolab.errors import AudioError
from vocolab.files.atomic import whole_file
from vocolab.files.riff import read_wave
from vocolab.files.tags.flac import read_blocks
from vocolab.files.tags.mp3 import has_ape
from vocolab.files.tags.ogg_tags import read_beginning
from vocolab.files.tags.vorbis import parse_comment
from vocolab.files.tags.wave import write_bext_loudness
from vocolab.files.tags.writing import write_tags
from vocolab.tags import Tags

OPUS_MARK = b"OpusTags"


def edit_tags(
    path: Path,
    output: Path,
    tags: Tags,
    sample_rate: int,
    *,
    removed: Collection[str] = (),
    loudness: Sequence[float | None] = (),
) -> tuple[str, ...]:
    """State tags in a copy of a file that becomes `output`, which may be the file itself; what else is in it stays.

    Args:
        path: WAV, FLAC, Ogg Vorbis, Opus or MP3.
        output: Where it goes.
        tags: What to state.
        sample_rate: Of the audio, in Hz.
        removed: Names of tags that go, in small letters.
        loudness: For the chunk bext of a broadcast WAV, as `write_bext_loudness` has it.

    Returns:
        What there is to say, in words that follow the file's name.

    Raises:
        AudioError: if the file is of another format, or so odd that nothing in it can be moved.
        OutputError: if it can't be written; the file is as it was then.
    """
    with whole_file(output) as temporary:
        shutil.copyfile(path, temporary)
        shutil.copymode(path, temporary)
        with temporary.open("r+b") as stream:
            container = editable_container(stream, path)
            unheld = write_tags(stream, container, tags, sample_rate, removed=removed)
            if container == "WAV" and loudness:
                write_bext_loudness(stream, loudness)
            has_other = container == "MP3" and has_ape(stream)
    notes = ("it has an APE tag too, which stays as it is",) if has_other else ()
    return (*(f"not kept: {what}" for what in unheld), *notes)


def is_opus(path: Path) -> bool:
    """Whether a file is Opus in Ogg."""
    with path.open("rb") as stream:
        beginning = read_beginning(stream)
    return beginning is not None and beginning.mark == OPUS_MARK


def editable_container(stream: BinaryIO, path: Path) -> str:
    """WAV, FLAC, OGG or MP3.

    Raises:
        AudioError: if it is none of them, or nothing in it can be moved.
    """
    stream.seek(0)
    start = stream.read(12)
    if start[:4] in (b"RIFF", b"RF64", b"BW64"):
        if not _is_sound_wave(stream):
            raise AudioError("this WAV is odd (its sizes are not those of the file); 'vocolab master --preset none' "
                             "makes a sound one of it", about=path)
        return "WAV"
    if start.startswith(b"fLaC"):
        if read_blocks(stream) is None:
            raise AudioError("its metadata are damaged; nothing can be written among them", about=path)
        return "FLAC"
    if start.startswith(b"OggS"):
        beginning = read_beginning(stream)
        if beginning is None or not parse_comment(beginning.comment).is_whole:
            raise AudioError("its comment is damaged, or it is neither Vorbis nor Opus; its tags can't be written",
                             about=path)
        return "OGG"
    if start.startswith(b"ID3") or (start[:1] == b"\xff" and start[1:2] >= b"\xe0"):
        return "MP3"
    raise AudioError("tags are written into WAV, FLAC, Ogg Vorbis, Opus and MP3 only; 'vocolab master --preset none' "
                     "makes one of it", about=path)


def _is_sound_wave(stream: BinaryIO) -> bool:
    wave = read_wave(stream)
    if wave is None or wave.rest or wave.first(b"fmt ") is None or len(list(wave.all(b"data"))) != 1:
        return False
    end = stream.seek(0, 2)
    at = 12
    for chunk in wave.chunks:  # one behind the other, with pad bytes
        if chunk.start != at + 8 or chunk.stated != chunk.size:
            return False
        at = chunk.start + chunk.size + chunk.size % 2
    return at in (end, end + 1)
