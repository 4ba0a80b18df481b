"""Which of a metadata file's fields are texts, and which say something else: who speaks, how long a clip is.

Lists of several speakers have one more field than LJ Speech's, and put it anywhere: name|text|speaker,
name|speaker|text. A field that comes again and again beside different texts is no text, nor is a word beside sentences.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

_NUMBER = re.compile(r"\d+(\.\d*)?")
_MOST = 0.5
"""Share of the lines in which a field has to look like no text."""
_WORDS = 3
"""A field of one word says no sentence that has so many in another one."""
_SHOWN = 3


def text_columns(rows: Sequence[Sequence[str]]) -> tuple[list[int], str]:
    """Which fields after the name are the text and, behind it, the text in words; and what was left aside, in words.

    Args:
        rows: The fields of every line, without the name.
    """
    columns = range(max((len(row) for row in rows), default=0))
    found = [column for column in columns if _is_filled(rows, column)]
    labels = [column for column in found if _is_label(rows, column, [other for other in found if other != column])]
    if len(labels) == len(found):  # words said by several speakers: nothing tells, so the first is it
        labels = labels[1:]
    texts = [column for column in found if column not in labels]
    return texts, "; ".join(_told(rows, column) for column in labels)


def field(row: Sequence[str], column: int) -> str:
    """A field of a line; empty where the line has none, or a number that is a length."""
    text = row[column] if column < len(row) else ""
    return "" if column > 0 and _NUMBER.fullmatch(text) else text


def _is_filled(rows: Sequence[Sequence[str]], column: int) -> bool:
    return column == 0 or any(field(row, column) for row in rows)


def _is_label(rows: Sequence[Sequence[str]], column: int, others: Sequence[int]) -> bool:
    """Whether one of the other fields is a text by which this one is none."""
    return any(_share_of_labels(rows, column, other) > _MOST for other in others)


def _share_of_labels(rows: Sequence[Sequence[str]], column: int, other: int) -> float:
    pairs = [(mine, text) for row in rows if (mine := field(row, column)) and (text := field(row, other))]
    beside = defaultdict[str, set[str]](set)
    for mine, text in pairs:
        beside[mine].add(text.casefold())
    count = sum(len(beside[mine]) > 1 or _is_word_beside(mine, text) for mine, text in pairs)
    return count / len(pairs) if pairs else 0.0


def _is_word_beside(mine: str, text: str) -> bool:
    return len(text.split()) >= _WORDS and len(mine.split()) == 1 and len(mine) < len(text) / 2


def _told(rows: Sequence[Sequence[str]], column: int) -> str:
    values = list(dict.fromkeys(value for row in rows if (value := field(row, column))))
    shown = ", ".join(values[:_SHOWN]) + (" ..." if len(values) > _SHOWN else "")
    return f"field {column + 2} ({shown}) is taken for the speaker or another label, not for a text"
