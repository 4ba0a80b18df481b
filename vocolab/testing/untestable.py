"""A promise that can't be looked at as things are."""

from __future__ import annotations

from unittest import SkipTest


class CantBeTestedError(SkipTest):
    """A property that can't be looked at as things are; says what is missing. pytest skips what raises it."""
