"""Clips with the times of their symbols, as data: JSON lines, one clip a line.

    {"name": "LJ001-0002", "speaker": "lj", "symbols": ["<s>", "IH0", "N", "<w>", ...], "seconds": [0.058, 0.046, ...],
     "owners": [-1, 0, 0, -1, ...], "words": ["in", "being", ...], "fit": 2.61}

A clip needs a name, symbols and seconds. The seconds add up to the recording's length; a boundary may last none.
"""

from __future__ import annotations

import io
import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vocolab.corpora.folder import name_problem
from vocolab.errors import CorpusError
from vocolab.files.atomic import whole_file
from vocolab.given_files import open_given, read_given_text

NAME = "symbols.jsonl"
LAYOUT = "speech.json"
"""Beside it: the name of the symbol set and the language's tag, and which words are read with another stress."""
_LONGEST_LINE = 1_000_000


@dataclass(frozen=True)
class TimedClip:
    """The symbols of a clip and how long each lasts.

    Raises:
        CorpusError: if there is not one time, from 0 on, for each symbol.
    """

    name: str
    symbols: tuple[str, ...]
    seconds: tuple[float, ...]
    owners: tuple[int, ...] = ()
    """For each symbol the number of its word in `words`, -1 for boundaries and pauses; empty if nobody knows."""
    words: tuple[str, ...] = ()
    speaker: str = ""
    fit: float | None = None
    """Mean log-likelihood of the sounds in their frames, in nats, as an aligner has it; the higher the better."""

    def __post_init__(self) -> None:
        if not self.symbols or len(self.symbols) != len(self.seconds):
            raise CorpusError(f"{self.name}: {len(self.symbols)} symbols and {len(self.seconds)} times; each has one")
        if not all(math.isfinite(second) and second >= 0 for second in self.seconds):
            raise CorpusError(f"{self.name}: a symbol lasts {min(self.seconds)} s; times are numbers from 0 on")
        if self.owners and len(self.owners) != len(self.symbols):
            raise CorpusError(f"{self.name}: {len(self.symbols)} symbols, and the words of {len(self.owners)}")
        if self.owners and not -1 <= min(self.owners) <= max(self.owners) < len(self.words):
            raise CorpusError(f"{self.name}: a symbol belongs to word {max(self.owners)}, and there are "
                              f"{len(self.words)}, counted from 0; -1 for none")

    @property
    def ends_s(self) -> NDArray[np.float64]:
        """When each symbol ends, (symbols,)."""
        return np.cumsum(np.array(self.seconds, dtype=np.float64))

    @property
    def starts_s(self) -> NDArray[np.float64]:
        """When each symbol starts, (symbols,)."""
        starts: NDArray[np.float64] = self.ends_s - np.array(self.seconds)
        return starts

    @property
    def sounds(self) -> NDArray[np.bool_]:
        """Which symbols are phonemes, (symbols,), as opposed to boundaries and pauses; needs `owners`."""
        return np.array(self.owners) >= 0

    def to_dict(self) -> dict[str, Any]:
        """The clip as its line has it."""
        facts: dict[str, Any] = {
            "name": self.name, "speaker": self.speaker, "symbols": list(self.symbols),
            "seconds": [round(second, 6) for second in self.seconds],
        }
        more = {"owners": list(self.owners), "words": list(self.words)} if self.owners else {}
        return facts | more | ({} if self.fit is None else {"fit": round(self.fit, 4)})


def write_clips(path: Path, clips: Iterable[TimedClip]) -> None:
    """Write clips, a line each, whole or not at all.

    Raises:
        OutputError: if the file can't be written.
    """
    text = "".join(f"{json.dumps(clip.to_dict())}\n" for clip in clips)
    with whole_file(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def write_layout(folder: Path, symbols: str, language: str) -> None:
    """Write `speech.json`, unless there is one of the same symbols, which may say more.

    Raises:
        OutputError: if the file can't be written.
    """
    path = folder / LAYOUT
    if _layout_symbols(path) == symbols:
        return
    with whole_file(path) as temporary:
        temporary.write_text(f"{json.dumps({'symbols': symbols, 'language': language}, indent=1)}\n", encoding="utf-8")


def _layout_symbols(path: Path) -> str | None:
    try:
        said = json.loads(read_given_text(path))
    except (OSError, ValueError, RecursionError):
        return None
    return said.get("symbols") if isinstance(said, dict) else None


def read_clips(path: Path) -> list[TimedClip]:
    """The clips of a file, in order.

    Raises:
        CorpusError: if it can't be read, or a line is no clip; names the line.
    """
    try:
        return list(_clips(path))
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"can't be read: {error}", about=path) from error


def _clips(path: Path) -> Iterator[TimedClip]:
    with io.TextIOWrapper(open_given(path), encoding="utf-8") as lines:
        for number, line in enumerate(iter(lambda: lines.readline(_LONGEST_LINE), ""), 1):
            if not line.strip():
                continue
            try:
                yield _clip(json.loads(line))
            except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
                raise CorpusError(f"line {number} is no clip with a name, symbols and seconds: {error!r:.80}",
                                  about=path) from error
            except CorpusError as error:
                raise CorpusError(f"line {number}: {error}", about=path) from error


def _clip(row: dict[str, Any]) -> TimedClip:
    fit = row.get("fit")
    if problem := name_problem(str(row["name"])):  # recordings and pictures are called like it
        raise CorpusError(f"{row['name']!r:.80}: {problem}")
    clip = TimedClip(
        str(row["name"]), tuple(map(str, row["symbols"])), tuple(map(float, row["seconds"])),
        tuple(map(int, row.get("owners", ()))), tuple(map(str, row.get("words", ()))), str(row.get("speaker", "")),
        None if fit is None else float(fit),
    )
    " ".join((clip.name, clip.speaker, *clip.symbols, *clip.words)).encode()  # raises for what no file can hold
    return clip
