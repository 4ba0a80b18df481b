"""What effects did to a file, in words: by which effect, how much in dB, and where."""

from __future__ import annotations

from collections.abc import Sequence

from vocolab.cli.table import table
from vocolab.deeds import Deed, Span

_SHORT_S = 1.0
"""Of an event of less only the beginning is told."""


def deed_table(deeds: Sequence[Deed], most_spans: int = 4) -> str:
    """A row for each deed, with so many of its places."""
    return table([(deed.effect, deed_text(deed, most_spans)) for deed in deeds])


def deed_text(deed: Deed, most_spans: int) -> str:
    """What was done and where, in a line."""
    if not deed.spans:
        return deed.sentence
    places = [_place(span) for span in deed.spans[:most_spans]]
    left = deed.n_spans - len(places)
    return f"{deed.sentence}: {', '.join(places)}{f' and {left} more' if left else ''}"


def clock(seconds: float) -> str:
    """Minutes and seconds, and hours where there are any: 0:03.21, 1:02:03.21."""
    hundredths = round(100 * seconds)
    minutes, rest = divmod(hundredths, 6000)
    hours, minutes = divmod(minutes, 60)
    low = f"{rest / 100:05.2f}"
    return f"{hours}:{minutes:02d}:{low}" if hours else f"{minutes}:{low}"


def _place(span: Span) -> str:
    is_short = span.end_s - span.start_s < _SHORT_S
    where = clock(span.start_s) if is_short else f"{clock(span.start_s)} to {clock(span.end_s)}"
    return where if span.change_db is None else f"{where} ({span.change_db:+.1f} dB)"
