"""What is spoken: validation prompts of corpora, and long sentences that no training speaks."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from vocolab.bench.clips import validation_clips
from vocolab.corpora.folder import read_metadata
from vocolab.corpora.names import NameIndex
from vocolab.corpora.splitting import choosing_half, reporting_half
from vocolab.errors import CorpusError
from vocolab.texts.user_words import read_text_file

WORDS = (20, 40)
"""How many words a drawn sentence has, both included."""


@dataclass(frozen=True)
class Prompt:
    """A text to be spoken."""

    name: str
    text: str
    recording: Path | None = None
    """Of somebody who reads it."""


def validation_prompts(folder: Path, half: str = "both", most: int | None = None) -> list[Prompt]:
    """The validation prompts of a corpus with their recordings.

    Args:
        folder: The corpus.
        half: "both", "choosing" or "reporting", as checkpoints are chosen.
        most: The first so many only.

    Raises:
        CorpusError: if there are none, or a recording is missing.
    """
    clips = validation_clips(folder)
    if half != "both":
        clips = (choosing_half if half == "choosing" else reporting_half)(clips)
    lines = {line.name: line.spoken for line in read_metadata(folder)}
    index = NameIndex(list(lines))
    found = [(clip, index.find(clip.stem)) for clip in clips[:most]]
    return [Prompt(clip.stem, lines[name], clip) for clip, name in found if name is not None]


def drawn_sentences(table: Path, groups: Sequence[str], count: int, seed: int = 0) -> list[Prompt]:
    """Sentences of 20 to 40 words from a table of `name|text` lines, drawn by a seed, in the table's order.

    Args:
        table: The file.
        groups: What the names begin with, before a hyphen: "LJ045". None: all.
        count: How many.
        seed: Of the draw.

    Raises:
        CorpusError: if there are fewer.
    """
    rows = [line.partition("|") for line in read_text_file(table).splitlines() if line.strip()]
    fitting = [
        Prompt(name, text.strip()) for name, _, text in rows
        if (not groups or name.partition("-")[0] in groups) and WORDS[0] <= len(text.split()) <= WORDS[1]
    ]  # fmt: skip
    if len(fitting) < count:
        raise CorpusError(f"holds {len(fitting)} sentences of {WORDS[0]} to {WORDS[1]} words in "
                          f"{', '.join(groups) or 'all'}, and {count} are to be drawn", about=table)
    chosen = set(random.Random(seed).sample(range(len(fitting)), count))
    return [prompt for number, prompt in enumerate(fitting) if number in chosen]
