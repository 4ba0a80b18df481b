"""Plain text into a document: as it stands, but for phonemes that are given in it."""

from __future__ import annotations

from vocolab.texts.building import DocumentBuilder
from vocolab.texts.document import Document
from vocolab.texts.phonemes import PhonemeParser, copy_with_phonemes


def read_plain(source: str, parse_phonemes: PhonemeParser | None = None) -> Document:
    """The document of a plain text. `{HH AH0 L OW1}` and `[word](/həˈloʊ/)` give phonemes."""
    build = DocumentBuilder(source)
    copy_with_phonemes(build, 0, len(source), parse_phonemes)
    return build.document()
