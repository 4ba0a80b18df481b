"""What a file says about itself, whatever its format."""

from __future__ import annotations

from typing import BinaryIO

from vocolab.files.riff import WAVE_MAGICS
from vocolab.files.tags.apple import tags_of_aiff, tags_of_caf
from vocolab.files.tags.broadcast import take_from_texts
from vocolab.files.tags.flac import read_blocks, tags_of_blocks
from vocolab.files.tags.found import Gathered
from vocolab.files.tags.mp3 import tags_of_mp3
from vocolab.files.tags.ogg_tags import read_beginning, tags_of_beginning
from vocolab.files.tags.wave import tags_of_wave
from vocolab.tags import Origin


def read_tags(stream: BinaryIO, sample_rate: int) -> Origin | None:
    """The tags of an audio file, and what of them can't be taken along; None where it says nothing.

    Never more is read than a tag can hold, and nothing is raised: what is broken is left out and named.

    Args:
        stream: The file.
        sample_rate: Of its audio, in Hz: broadcast WAVs count time in samples.
    """
    found = _found(stream, sample_rate)
    if found is None:
        return None
    take_from_texts(found, sample_rate)
    return found.origin()


def _found(stream: BinaryIO, sample_rate: int) -> Gathered | None:
    stream.seek(0)
    start = stream.read(12)
    if start.startswith(WAVE_MAGICS):
        return tags_of_wave(stream, sample_rate)
    if start.startswith(b"fLaC"):
        blocks = read_blocks(stream)
        return tags_of_blocks(blocks.blocks) if blocks else None
    if start.startswith(b"OggS"):
        beginning = read_beginning(stream)
        return tags_of_beginning(beginning) if beginning else None
    if start.startswith(b"FORM"):
        return tags_of_aiff(stream)
    if start.startswith(b"caff"):
        return tags_of_caf(stream)
    is_mp3 = start.startswith(b"ID3") or (start[:1] == b"\xff" and start[1:2] >= b"\xe0")
    return tags_of_mp3(stream) if is_mp3 else None
