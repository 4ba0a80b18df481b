"""Phonemes in the text itself: `{HH AH0 L OW1}` and `[word](/həˈloʊ/)`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias

from vocolab.errors import InputError
from vocolab.texts.building import DocumentBuilder
from vocolab.texts.document import Alphabet, Pronounced, Span

PhonemeParser: TypeAlias = Callable[[str, Alphabet], tuple[str, ...]]
"""`Language.parse_phonemes`: raises InputError for what the language does not have."""

BRACES = r"\{[ ]*[A-Z]{1,3}[0-2]?(?:[ ]+[A-Z]{1,3}[0-2]?){0,60}[ ]*\}"
"""Phonemes in braces, in ARPAbet."""
LINKED = r"\[[^\[\]\n]{1,200}\]\(/[^/()\n]{1,200}/\)"
"""A word, and behind it its phonemes in the IPA where a link would have its address."""

_INLINE = re.compile(f"{BRACES}|{LINKED}")
_LINK_PARTS = re.compile(r"\[([^\[\]]*)\]\(/([^/()]*)/\)")


def copy_with_phonemes(build: DocumentBuilder, start: int, end: int, parse_phonemes: PhonemeParser | None) -> None:
    """Append `source[start:end]`, with hints where it gives phonemes."""
    at = start
    for match in _INLINE.finditer(build.source, start, end):
        build.copy(at, match.start())
        if not put_phonemes(build, match.start(), match.end(), parse_phonemes):
            build.copy(match.start(), match.end())
        at = match.end()
    build.copy(at, end)


def put_phonemes(build: DocumentBuilder, start: int, end: int, parse_phonemes: PhonemeParser | None) -> bool:
    """Append the word that `source[start:end]`, of the form `BRACES` or `LINKED`, gives with its phonemes.

    False, with nothing appended, if these are no phonemes; that is reported unless it looks like a link.
    """
    written = build.source[start:end]
    link = _LINK_PARTS.fullmatch(written)
    if parse_phonemes is None or (link and link[2].isascii()):  # [docs](/docs/) is a link, IPA is hardly ASCII
        return False
    try:
        phonemes = parse_phonemes(link[2], "ipa") if link else parse_phonemes(written.strip("{ }"), "x-arpabet")
    except InputError as error:
        build.report(f"{written} at offset {start} is said as it is written: {error}")
        return False
    first = build.length
    if link:
        build.copy(start + 1, start + 1 + len(link[1]))
    else:
        build.copy(start, end)
    build.hint(Pronounced(Span(first, build.length), phonemes))
    return True
