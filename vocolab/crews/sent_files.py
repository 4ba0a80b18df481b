"""Files that a node needs: by their path where it sees the same ones, else by value."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Sight:
    """What a node has to see to be given paths."""

    states: tuple[tuple[str, int, int], ...]
    """Of files that are read: path, size, time of change in ns."""
    words: tuple[tuple[str, str], ...]
    """Of folders that are written into: a file, and the word in it."""

    @classmethod
    def of(cls, reads: Iterable[Path], words: dict[str, str]) -> Sight:
        """That of these files; what is not there is left to whoever reads it."""
        states = []
        for path in dict.fromkeys(reads):
            if path.is_file():
                facts = path.stat()
                states.append((os.path.abspath(path), facts.st_size, facts.st_mtime_ns))
        return cls(tuple(states), tuple(words.items()))

    @property
    def is_clear(self) -> bool:
        """Whether this machine sees all of it."""
        return all(map(_is_same, self.states)) and all(map(_holds, self.words))


def _is_same(state: tuple[str, int, int]) -> bool:
    try:
        facts = os.stat(state[0])
    except OSError:
        return False
    return (facts.st_size, facts.st_mtime_ns) == state[1:]


def _holds(word: tuple[str, str]) -> bool:
    try:
        return Path(word[0]).read_text(encoding="utf-8") == word[1]
    except OSError:
        return False
