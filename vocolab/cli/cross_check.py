"""`measure --cross-check`: what a second meter reads, beside vocolab's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from vocolab.cli.table import table

if TYPE_CHECKING:
    from vocolab.files.reader import AudioFile


def cross_check_facts(file: AudioFile, own_lufs: float | None) -> dict[str, Any]:
    """The other reading of a file, in types that JSON knows.

    Raises:
        DependencyMissing: if the second meter is not installed.
    """
    from vocolab.loudness.cross_check import second_reading

    reading = second_reading(file)
    return {
        "meter": reading.meter,
        "integrated_lufs": reading.integrated_lufs,
        "difference_lu": reading.difference_lu(own_lufs),
    }


def cross_check_text(rows: Sequence[dict[str, Any]]) -> str:
    """Both readings of each file, and why they may differ."""
    from vocolab.loudness.cross_check import WHY_THEY_DIFFER

    meter = rows[0]["cross_check"]["meter"]
    cells = [
        (_two(row["integrated_lufs"]), _two(row["cross_check"]["integrated_lufs"]),
         _two(row["cross_check"]["difference_lu"], "+"), row["file"])
        for row in rows
    ]
    shown = table(cells, ("vocolab LUFS", f"{meter} LUFS", "difference LU", "file"))
    return f"{shown}\nThe two may differ: {'; '.join(WHY_THEY_DIFFER)}."


def _two(value: float | None, sign: str = "") -> str:
    return "-" if value is None else f"{value:{sign}.2f}"
