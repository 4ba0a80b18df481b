"""Names that are one to people and two to computers: "é" is a single character, or an e and an accent.

Keyboards and most editors write the first (Unicode's form NFC), the file systems of macOS and archives made there the
second (NFD); Unicode Standard Annex 15 has both as canonically equivalent.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable


class NameIndex:
    """Finds names in whichever Unicode form they are written; of several forms there are, the exact one is meant."""

    def __init__(self, names: Iterable[str]) -> None:
        self._exact = dict.fromkeys(names)
        self._equivalent: dict[str, str] = {}
        for name in self._exact:
            self._equivalent.setdefault(_composed(name), name)

    def find(self, name: str) -> str | None:
        """The name as it stands in the index, the first of several that are equivalent; None where there is none."""
        return name if name in self._exact else self._equivalent.get(_composed(name))


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name)
