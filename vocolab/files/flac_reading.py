"""FLAC files: the layout that they state, or that the format defines (RFC 9639, sections 8.6.2 and 9.1.3)."""

from __future__ import annotations

from typing import BinaryIO

from vocolab.files.tags.flac import COMMENT, MASK_FIELD, read_blocks
from vocolab.files.tags.vorbis import parse_comment
from vocolab.layouts import Layout, from_mask, of_flac


def flac_layout(stream: BinaryIO, channels: int) -> Layout | None:
    """The layout of a FLAC file: what a comment states, else what the format defines."""
    found = read_blocks(stream)
    for block in found.blocks if found else ():
        for name, value in parse_comment(block.body).pairs if block.kind == COMMENT else ():
            if name.upper() == MASK_FIELD:
                try:
                    return from_mask(int(value, 0), channels)
                except ValueError:
                    break
    return of_flac(channels)
