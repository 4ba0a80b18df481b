"""Plain text tables."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Sequence

_GAP = "  "
_NARROWEST = 24


def table(rows: Sequence[Sequence[str]], header: Sequence[str] = ()) -> str:
    """Rows in aligned columns, the last one wrapped to the terminal; without rows only the header, if any."""
    everything = [list(header), *map(list, rows)] if header else [list(row) for row in rows]
    if not everything:
        return ""
    widths = [max(len(row[column]) for row in everything) for column in range(len(everything[0]) - 1)]
    indent = sum(width + len(_GAP) for width in widths)
    room = max(shutil.get_terminal_size((110, 24)).columns - indent, _NARROWEST)
    return "\n".join(line for row in everything for line in _lines(row, widths, indent, room))


def paragraph(text: str, indent: str = "  ") -> str:
    """A text wrapped to the terminal, its first line as it begins and the others indented."""
    columns = shutil.get_terminal_size((110, 24)).columns
    return "\n".join(textwrap.wrap(text, max(columns, _NARROWEST), subsequent_indent=indent))


def _lines(row: Sequence[str], widths: Sequence[int], indent: int, room: int) -> list[str]:
    start = "".join(cell.ljust(width) + _GAP for cell, width in zip(row, widths, strict=False))
    first, *rest = textwrap.wrap(row[-1], room) or [""]
    return [(start + first).rstrip(), *(" " * indent + line for line in rest)]
