"""The tags of FLAC files: blocks of metadata before the audio, which stays where it is (RFC 9639, section 8)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import BinaryIO, NamedTuple

from vocolab.errors import OutputError
from vocolab.files.tags.found import Gathered
from vocolab.files.tags.splicing import splice
from vocolab.files.tags.vorbis import (
    Comment,
    edited,
    parse_comment,
    parse_picture,
    picture_block,
    take_fields,
    written_comment,
)
from vocolab.layouts import Layout, of_flac
from vocolab.tags import Tags

STREAMINFO, PADDING, APPLICATION, SEEKTABLE, COMMENT, CUESHEET, PICTURE = range(7)
MASK_FIELD = "WAVEFORMATEXTENSIBLE_CHANNEL_MASK"
"""A comment in which FLAC states a layout that is not the one of its number of channels (RFC 9639, section 8.6.2)."""
_MOST_BLOCKS = 4096
_LARGEST_BYTES = (1 << 24) - 1
_NAMES = {APPLICATION: "an application's block", CUESHEET: "the cue sheet"}


class Block(NamedTuple):
    """A block of metadata without its header."""

    kind: int
    body: bytes


class Blocks(NamedTuple):
    """All blocks of a file, and where in it they stand."""

    start: int
    """Of the first header, behind the file's mark."""
    end: int
    """Where the audio begins."""
    blocks: tuple[Block, ...]


def read_blocks(stream: BinaryIO) -> Blocks | None:
    """The blocks of a FLAC file; None for what is none, or ends among them."""
    end = stream.seek(0, 2)
    stream.seek(0)
    if stream.read(4) != b"fLaC":
        return None
    at = 4
    blocks: list[Block] = []
    is_last = False
    while not is_last:
        header = stream.read(4)
        size = int.from_bytes(header[1:], "big")
        at += 4 + size
        if len(header) < 4 or at > end or len(blocks) >= _MOST_BLOCKS:
            return None
        is_last = bool(header[0] & 0x80)
        kind = header[0] & 0x7F
        blocks.append(Block(kind, b"" if kind == PADDING else stream.read(size)))
        if kind == PADDING:
            stream.seek(at)
    return Blocks(4, at, tuple(blocks))


def is_whole(block: Block) -> bool:
    """Whether a block that says something can be read."""
    if block.kind == COMMENT:
        return parse_comment(block.body).is_whole
    return block.kind != PICTURE or parse_picture(block.body)[0] is not None


def tags_of_blocks(blocks: Sequence[Block]) -> Gathered:
    """What blocks say."""
    found = Gathered()
    for kind, body in blocks:
        if kind == COMMENT:
            comment = parse_comment(body)
            take_fields(found, comment.pairs)
            if not comment.is_whole:
                found.leave("a part of its Vorbis comment, which is damaged")
        elif kind == PICTURE:
            picture, is_front = parse_picture(body)
            found.picture(picture, is_front=is_front)
        elif kind in _NAMES:
            found.leave(_NAMES[kind])
    return found


def write_flac_tags(
    stream: BinaryIO, tags: Tags, removed: Collection[str] = (), layout: Layout | None = None
) -> None:
    """State tags in a FLAC file, over those that it has; and a layout, where it is not what FLAC takes it for.

    Raises:
        OutputError: if they are too large together.
    """
    found = read_blocks(stream)
    assert found is not None, "an encoder or a reader has seen that it is one"
    comment = next((parse_comment(block.body) for block in found.blocks if block.kind == COMMENT), Comment("", []))
    pairs = edited(comment.pairs, tags, removed)
    if layout is not None and layout != of_flac(layout.channels):
        pairs = [(name, value) for name, value in pairs if name.upper() != MASK_FIELD]
        pairs.append((MASK_FIELD, f"0x{layout.mask:04X}"))
    kept = [block for block in found.blocks if block.kind not in (COMMENT, PADDING) and not _is_replaced(block, tags)]
    kept.insert(1, Block(COMMENT, written_comment(comment._replace(pairs=pairs))))
    if tags.cover is not None:
        kept.append(Block(PICTURE, picture_block(tags.cover)))
    splice(stream, found.start, found.end - found.start, written_blocks(kept))


def _is_replaced(block: Block, tags: Tags) -> bool:
    return block.kind == PICTURE and tags.cover is not None and parse_picture(block.body)[1]


def written_blocks(blocks: Sequence[Block]) -> bytes:
    """The bytes of blocks that are all that there are."""
    parts = []
    for number, (kind, body) in enumerate(blocks):
        if len(body) > _LARGEST_BYTES:
            raise OutputError("its tags are more than the 16 MB that a block of FLAC holds")
        is_last = 0x80 * (number == len(blocks) - 1)
        parts.append(bytes([is_last | kind]) + len(body).to_bytes(3, "big") + body)
    return b"".join(parts)
