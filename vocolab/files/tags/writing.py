"""Tags into a finished file: those that are stated, over those of the recording that the audio was made from."""

from __future__ import annotations

from collections.abc import Collection
from typing import BinaryIO

from vocolab.files.tags.broadcast import as_texts, cut_fields
from vocolab.files.tags.flac import write_flac_tags
from vocolab.files.tags.mp3 import write_mp3_tags
from vocolab.files.tags.names import is_of_the_level
from vocolab.files.tags.ogg_tags import write_ogg_tags
from vocolab.files.tags.wave import write_wave_tags
from vocolab.layouts import Layout
from vocolab.tags import Origin, Tags, moved

_ROOM_BYTES = 1 << 16
"""For what chunks need besides their content."""
_BYTES_A_CHAPTER = 100


def carried(origin: Origin | None, stated: Tags, seconds: float) -> tuple[Tags, tuple[str, ...]]:
    """What goes into a file of so many seconds: what the recording says and, over it, what is stated; and what is lost.

    What a recording says of its level does not hold for what was made of it.
    """
    if origin is None:
        return stated, ()
    tags, lost = moved(origin, seconds)
    levels = [name for name, _ in tags.values if is_of_the_level(name)]
    tags = tags.without(is_of_the_level)
    if levels:
        lost.append(f"{', '.join(levels)} (the audio has another level now)")
    return tags | stated, (*lost, *origin.left_out)


def room_bytes(tags: Tags) -> int:
    """More than tags take in any format."""
    texts = sum(len(text) + len(name) for name, several in tags.values for text in several)
    cover = len(tags.cover.data) if tags.cover else 0
    titles = sum(_BYTES_A_CHAPTER + 4 * len(chapter.title) for chapter in tags.chapters)
    history = 4 * len(tags.broadcast.coding_history) if tags.broadcast else 0
    return 8 * texts + 2 * cover + 2 * titles + history + _ROOM_BYTES


def write_tags(
    stream: BinaryIO,
    container: str,
    tags: Tags,
    sample_rate: int,
    *,
    layout: Layout | None = None,
    removed: Collection[str] = (),
) -> tuple[str, ...]:
    """State tags in a file, over those that it has; the audio is not touched. What the format can't hold comes back.

    Args:
        stream: The file, for reading and writing.
        container: WAV, FLAC, OGG or MP3.
        tags: What to state.
        sample_rate: Of the audio, in Hz.
        layout: Of its channels, where it is stated; FLAC notes one that is not that of its number of channels.
        removed: Names of tags that go, in small letters.

    Raises:
        OutputError: if there is no room for them in the file.
    """
    if container == "WAV":
        if tags or removed:
            write_wave_tags(stream, tags, sample_rate, removed)
        return tuple(cut_fields(tags.broadcast)) if tags.broadcast else ()
    texts = as_texts(tags, sample_rate)
    if container == "FLAC":
        if texts or removed or layout is not None:
            write_flac_tags(stream, texts, removed, layout)
    elif texts or removed:
        (write_ogg_tags if container == "OGG" else write_mp3_tags)(stream, texts, removed)
    return ()
