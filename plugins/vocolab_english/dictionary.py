"""The CMU Pronouncing Dictionary, packed: 126,000 words that load in a few hundredths of a second.

The packed file is one zlib stream of lines in byte order, `word TAB pronunciation TAB pronunciation ...`, where each
phoneme is one byte. It is unpacked whole and then searched in place, so nothing is parsed before it is asked for.
`python -m vocolab_english.training.pack_dictionary` makes it.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TypeAlias

from vocolab_english.symbols import PHONEMES

Phonemes: TypeAlias = tuple[str, ...]

PACKED = Path(__file__).parent / "data" / "cmudict.bin"

_FIRST_CODE = 0x80
"""Phonemes are the bytes above ASCII, so no tab, line end or letter is ever mistaken for one."""
_CODES = {phoneme: _FIRST_CODE + number for number, phoneme in enumerate(PHONEMES)}


def pack(entries: Mapping[str, Iterable[Phonemes]]) -> bytes:
    """A dictionary as the file's content; words are ASCII in lower case, the usual pronunciation comes first."""
    lines = []
    for word, pronunciations in entries.items():
        codes = [bytes(_CODES[phoneme] for phoneme in phonemes) for phonemes in pronunciations]
        lines.append(b"\t".join([word.encode("ascii"), *codes]))
    return zlib.compress(b"\n" + b"\n".join(sorted(lines)) + b"\n", 9)


class Dictionary:
    """Words and their pronunciations; `packed` is what `pack` gave."""

    def __init__(self, packed: bytes) -> None:
        self._lines = zlib.decompress(packed)

    def __getitem__(self, word: str) -> tuple[Phonemes, ...]:
        """All pronunciations of a word in lower case, the usual one first; empty if the word is not listed."""
        key = word.encode("ascii", "replace") + b"\t"
        low, high = 0, len(self._lines) - 1
        while low < high:
            line = self._lines.rindex(b"\n", 0, (low + high) // 2 + 1)
            end = self._lines.index(b"\n", line + 1)
            if self._lines.startswith(key, line + 1):
                return _decoded(self._lines[line + 1 + len(key) : end])
            if self._lines[line + 1 : end] < key:
                low = end
            else:
                high = line
        return ()

    def __contains__(self, word: str) -> bool:
        return bool(self[word])

    def items(self) -> Iterator[tuple[str, tuple[Phonemes, ...]]]:
        """Every word with its pronunciations, in byte order."""
        for line in self._lines.splitlines()[1:]:
            word, _, codes = line.partition(b"\t")
            yield word.decode("ascii"), _decoded(codes)


def _decoded(codes: bytes) -> tuple[Phonemes, ...]:
    return tuple(tuple(PHONEMES[code - _FIRST_CODE] for code in one) for one in codes.split(b"\t"))


@cache
def cmudict() -> Dictionary:
    """The dictionary that the plugin carries; read once."""
    return Dictionary(PACKED.read_bytes())
