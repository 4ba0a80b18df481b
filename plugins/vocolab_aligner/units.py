"""What an aligner tells apart: the sounds of a language without their stress, and silence."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vocolab.texts.symbols import BOUNDARY, SymbolSet

SILENCE = "<silence>"
"""What all boundaries and pauses sound like."""


class Units:
    """The sounds of a symbol set by number; silence is number 0."""

    def __init__(self, symbols: SymbolSet) -> None:
        self.symbols = symbols
        sounds = dict.fromkeys(_sound(phoneme) for phoneme in symbols.phonemes)
        self.names = (SILENCE, *sounds)
        self._numbers = {name: number for number, name in enumerate(self.names)}
        self._pauses = {BOUNDARY, *(pause.name for pause in symbols.pauses)}

    def __len__(self) -> int:
        return len(self.names)

    def numbers(self, symbols: Sequence[str]) -> NDArray[np.int64]:
        """The unit of each symbol."""
        return np.array([self._numbers.get(_sound(symbol), 0) for symbol in symbols], dtype=np.int64)

    def optional(self, symbols: Sequence[str]) -> NDArray[np.bool_]:
        """Which symbols may last no frame: boundaries and pauses between words."""
        return np.array([symbol in self._pauses for symbol in symbols])


def _sound(symbol: str) -> str:
    """A symbol without the digit that says its stress."""
    return symbol.rstrip("0123456789")
