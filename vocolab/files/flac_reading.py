"""FLAC files: the layout that they state, or that the format defines; and audio behind metadata that is broken."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from vocolab.files.parts import Part, Stretch
from vocolab.files.source import AudioSource
from vocolab.files.tags.flac import (
    COMMENT,
    MASK_FIELD,
    SEEKTABLE,
    STREAMINFO,
    Block,
    Blocks,
    is_whole,
    read_blocks,
    written_blocks,
)
from vocolab.files.tags.vorbis import parse_comment
from vocolab.layouts import Layout, from_mask, of_flac


def flac_source(path: Path, stream: BinaryIO) -> AudioSource | None:
    """How to decode a FLAC file; None for what is none, or has no metadata to its end.

    libFLAC refuses a file for a comment or a picture that is broken. Such blocks are not shown to it.
    """
    found = read_blocks(stream)
    if found is None or found.blocks[0].kind != STREAMINFO or len(found.blocks[0].body) < 18:
        return None
    channels = (found.blocks[0].body[12] >> 1 & 7) + 1
    links: tuple[tuple[Part, ...], ...] = ()
    if not all(map(is_whole, found.blocks)):
        kept = [block for block in found.blocks if block.kind in (STREAMINFO, SEEKTABLE)]
        audio = Stretch(found.end, stream.seek(0, 2) - found.end)
        links = ((b"fLaC" + written_blocks(kept), audio),)
    return AudioSource(path, links, _stated_layout(found, channels) or of_flac(channels))


def _stated_layout(found: Blocks, channels: int) -> Layout | None:
    """What a comment states; None for nothing that can be."""
    for name, value in (pair for block in found.blocks for pair in _fields(block)):
        if name.upper() == MASK_FIELD:
            try:
                return from_mask(int(value, 0), channels)
            except ValueError:
                return None
    return None


def _fields(block: Block) -> list[tuple[str, str]]:
    return parse_comment(block.body).pairs if block.kind == COMMENT else []
