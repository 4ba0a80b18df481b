"""Phonemes in the text itself: `{HH AH0 L OW1}` and `[word](/həˈloʊ/)`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from vocolab.texts.document import Alphabet

PhonemeParser: TypeAlias = Callable[[str, Alphabet], tuple[str, ...]]
"""`Language.parse_phonemes`: raises InputError for what the language does not have."""
