"""A model of a kind of its own."""

from __future__ import annotations

from vocolab import Options, Voice


class Counter:
    """What it does is between this package and whoever uses it."""

    def __init__(self, options: Options, voice: Voice | None) -> None:
        self.voice = voice

    def count(self, text: str) -> int:
        """How many words there are."""
        return len(text.split())
