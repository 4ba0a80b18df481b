"""How messages are worded that many places need."""

from __future__ import annotations

from collections.abc import Iterable

MOST_LISTED = 8
"""How many of a list a message names where nothing else is said."""

MOST_PROBLEMS = 100
"""How many of a document's problems are told; a file that has more of them is no such file."""
LONGEST_SHOWN = 200
"""Characters of a value in a message."""
LONGEST_PROBLEM = 2_000
"""Characters of a line about a document, which may have keys of any length."""


def shortened(text: str, most: int = LONGEST_SHOWN) -> str:
    """The text, its end left out where it is longer than `most`."""
    return text if len(text) <= most else f"{text[: most - 4]} ..."


def told(problems: Iterable[str], most: int = MOST_PROBLEMS) -> list[str]:
    """The first `most` problems, and a line that says how many more there are."""
    everything = list(problems)
    left = len(everything) - most
    first = [shortened(problem, LONGEST_PROBLEM) for problem in everything[:most]]
    return [*first, *([f"{left} more problems, not shown"] if left > 0 else [])]


def listed(things: Iterable[object], most: int = MOST_LISTED, *, separator: str = ", ") -> str:
    """The first `most` of them, and how many more there are: "a, b and 4 more", "this; that; and 2 more"."""
    names = [str(thing) for thing in things]
    left = len(names) - most
    before = " " if separator == ", " else separator
    return separator.join(names[:most]) + (f"{before}and {left} more" if left > 0 else "")
