"""Which letter makes which sound: each letter of a word is given none, one or two of its phonemes, by EM.

The letters of "mixer" and M IH K S ER are aligned as M, IH, K S, ER, nothing. Expectation and maximisation run over
all such alignments of all words; words of the same size are summed up together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from vocolab_english.symbols import without_stress

Pair: TypeAlias = tuple[str, tuple[str, ...]]
"""A word and its phonemes."""
Chunks: TypeAlias = tuple[tuple[str, ...], ...]
"""For each letter of a word the phonemes that it makes."""
Floats: TypeAlias = NDArray[np.float64]
Numbers: TypeAlias = NDArray[np.int64]

MOST_PHONEMES = 2
"""That one letter makes: the K S of an x."""


@dataclass
class _Group:
    """All words of so many letters and so many phonemes, as rows of numbers."""

    places: list[int]
    letters: Numbers
    phonemes: Numbers


class Aligner:
    """The probabilities of what a letter makes, from all pairs of a dictionary."""

    def __init__(self, pairs: Sequence[Pair], rounds: int = 8) -> None:
        self._pairs = pairs
        self._letters = {letter: n for n, letter in enumerate(sorted({c for word, _ in pairs for c in word}))}
        plain = sorted({without_stress(phoneme) for _, phonemes in pairs for phoneme in phonemes})
        self._phonemes = {phoneme: n for n, phoneme in enumerate(plain)}
        self._width = 1 + len(plain) + len(plain) ** 2
        self._table = np.full((len(self._letters), self._width), 1.0 / self._width)
        self._groups = self._grouped()
        for _ in range(rounds):
            self._improve()

    def chunks(self) -> list[Chunks | None]:
        """The best alignment of each pair, in order; None where letters are too few for the phonemes."""
        found: list[Chunks | None] = [None] * len(self._pairs)
        for group in self._groups:
            for row, counts in zip(group.places, self._best_counts(group), strict=True):
                ends = np.cumsum(counts)
                phonemes = self._pairs[row][1]
                found[row] = tuple(phonemes[end - n : end] for end, n in zip(ends, counts, strict=True))
        return found

    def _grouped(self) -> list[_Group]:
        places: dict[tuple[int, int], list[int]] = defaultdict(list)
        for n, (word, phonemes) in enumerate(self._pairs):
            if word and len(phonemes) <= MOST_PHONEMES * len(word):
                places[len(word), len(phonemes)].append(n)
        groups = []
        for rows in places.values():
            letters = np.array([[self._letters[c] for c in self._pairs[row][0]] for row in rows])
            sounds = np.array([[self._phonemes[without_stress(p)] for p in self._pairs[row][1]] for row in rows])
            groups.append(_Group(rows, letters, sounds.reshape(len(rows), -1)))
        return groups

    def _moves(self, group: _Group) -> list[Numbers]:
        """For each number of phonemes the chunk that it would be at each place: arrays (words, places)."""
        phonemes = group.phonemes
        none = np.zeros((len(phonemes), phonemes.shape[1] + 1), np.int64)
        pairs = 1 + len(self._phonemes) * (1 + phonemes[:, :-1]) + phonemes[:, 1:]
        return [none, 1 + phonemes, pairs]

    def _forward(self, group: _Group, *, best: bool = False) -> tuple[Floats, Numbers]:
        """Probabilities (letters + 1, words, phonemes + 1) of all ways to a place, or of the best and its last step."""
        words, letters = group.letters.shape
        width = group.phonemes.shape[1] + 1
        sums = np.zeros((letters + 1, words, width))
        steps = np.zeros((letters + 1, words, width), np.int64)
        sums[0, :, 0] = 1.0
        for at in range(letters):
            for count, chunk in enumerate(self._moves(group)):
                ways = sums[at, :, : width - count] * self._table[group.letters[:, at, None], chunk]
                target = sums[at + 1, :, count:]
                if best:
                    steps[at + 1, :, count:][ways > target] = count
                    np.maximum(target, ways, out=target)
                else:
                    target += ways
        return sums, steps

    def _improve(self) -> None:
        counts = np.full(self._table.size, 1e-6)
        for group in self._groups:
            forward, _ = self._forward(group)
            words, letters = group.letters.shape
            width = group.phonemes.shape[1] + 1
            total = np.maximum(forward[letters, :, -1], 1e-300)[:, None]
            back = np.zeros((words, width))
            back[:, -1] = 1.0
            for at in reversed(range(letters)):
                earlier = np.zeros_like(back)
                for count, chunk in enumerate(self._moves(group)):
                    ways = self._table[group.letters[:, at, None], chunk] * back[:, count:]
                    earlier[:, : width - count] += ways
                    share = forward[at, :, : width - count] * ways / total
                    cells = (group.letters[:, at, None] * self._width + chunk).ravel()
                    counts += np.bincount(cells, share.ravel(), counts.size)
                back = earlier
        table = counts.reshape(self._table.shape)
        self._table = table / table.sum(axis=1, keepdims=True)

    def _best_counts(self, group: _Group) -> Numbers:
        _, steps = self._forward(group, best=True)
        words, letters = group.letters.shape
        counts = np.zeros((words, letters), np.int64)
        place = np.full(words, group.phonemes.shape[1])
        for at in reversed(range(letters)):
            counts[:, at] = steps[at + 1, np.arange(words), place]
            place -= counts[:, at]
        return counts
