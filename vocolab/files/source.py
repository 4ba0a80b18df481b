"""How the audio in a file is reached: which bytes to decode, what its channels are, and what is odd about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from vocolab.files.parts import Part
from vocolab.layouts import Layout
from vocolab.tags import Origin


@dataclass(frozen=True)
class AudioSource:
    """What a look into a file's structure has found, before anything is decoded."""

    path: Path
    """What is decoded: the file itself, or what was made of it."""
    links: tuple[tuple[Part, ...], ...] = ()
    """What to decode, one after the other; empty: the file as it lies there."""
    layout: Layout | None = None
    """What the file states; None: nothing."""
    order: tuple[int, ...] = ()
    """Which of the decoded channels is the first, second, ... of `layout`; empty: as they come."""
    n_samples: int | None = None
    """Samples, where they were counted; None: as the decoder says."""
    is_damaged: bool = False
    """Whether parts are missing within, so that only decoding shows how many samples there are."""
    notes: tuple[str, ...] = ()
    """What is odd about the file, in words that follow its name."""
    tags: Origin | None = None
    """What the file says of itself, where the decoder of another program has told it."""
    keep: object = field(default=None, repr=False)
    """What has to live as long as the audio is read: a temporary file."""
