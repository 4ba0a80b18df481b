"""How messages are worded that many places need."""

from __future__ import annotations

from collections.abc import Iterable

MOST_LISTED = 8
"""How many of a list a message names where nothing else is said."""


def listed(things: Iterable[object], most: int = MOST_LISTED, *, separator: str = ", ") -> str:
    """The first `most` of them, and how many more there are: "a, b and 4 more", "this; that; and 2 more"."""
    names = [str(thing) for thing in things]
    left = len(names) - most
    before = " " if separator == ", " else separator
    return separator.join(names[:most]) + (f"{before}and {left} more" if left > 0 else "")
