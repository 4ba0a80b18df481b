"""Which frames are rendered together."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import repeat

CHUNK_FRAMES = 512
"""Frames that a chunk gives at least. All chunks but the last have one shape, for which the kernels are then warm."""
_CONTEXTS_A_CHUNK = 5
"""A chunk is at least this many times its context: at most two fifths of the work are done twice, in bounded memory."""
FIRST_FRAMES = 9
"""Frames of a stream's first chunk: 0.1 s of audio at the usual hop."""


def chunk_frames_for(context_frames: int) -> int:
    """How many frames a chunk has for a vocoder of this context."""
    return max(CHUNK_FRAMES, _CONTEXTS_A_CHUNK * context_frames)


def even_sizes(chunk_frames: int) -> Iterator[int]:
    """Chunks of one size."""
    return repeat(chunk_frames)


def growing_sizes(first_frames: int, chunk_frames: int) -> Iterator[int]:
    """A small chunk first, so that there is a sound soon, then each twice as long, up to `chunk_frames`."""
    size = first_frames
    while size < chunk_frames:
        yield size
        size *= 2
    yield from repeat(chunk_frames)
