"""A user's rules in one sentence: what is written becomes what they say, and hints and offsets follow."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from vocolab.texts.building import DocumentBuilder
from vocolab.texts.document import Document, Hint, Pronounced, Span
from vocolab.texts.phrases import Phrases


@dataclass(frozen=True)
class Rewritten:
    """A sentence after the rules."""

    text: str
    hints: list[Hint]
    _document: Document | None = None

    def span(self, start: int, end: int) -> Span:
        """The span of the sentence as it was before."""
        span = Span(start, end)
        return span if self._document is None else self._document.source_span(span)


def rewritten(text: str, hints: list[Hint], rules: Phrases[str], lexicon: Phrases[tuple[str, ...]]) -> Rewritten:
    """Apply rules, and make the words of the lexicon that are found as written into hints.

    What the text itself gives phonemes for stays as it is.
    """
    given = [hint.span for hint in hints if isinstance(hint, Pronounced)]
    document = _replaced(text, given, rules)
    if document:
        hints = [replace(hint, span=_moved(document, hint.span)) for hint in hints]
        given = [hint.span for hint in hints if isinstance(hint, Pronounced)]
    result = document.text if document else text
    for found in lexicon.find(result):
        if not _any_overlaps(given, found.span):
            hints.append(Pronounced(found.span, found.value, "lexicon"))
    return Rewritten(result, hints, document)


def _replaced(text: str, given: Sequence[Span], rules: Phrases[str]) -> Document | None:
    build, at = DocumentBuilder(text), 0
    for found in rules.find(text):
        if not _any_overlaps(given, found.span):
            build.copy(at, found.span.start)
            build.put(found.value, found.span.start, found.span.end)
            at = found.span.end
    if not at:
        return None
    build.copy(at, len(text))
    return build.document()


def _moved(document: Document, span: Span) -> Span:
    """A span of the text before as one of the text after."""
    return Span(_new_place(document, span.start, 0), max(_new_place(document, span.end, 1), 0))


def _new_place(document: Document, at: int, side: int) -> int:
    """Where a place of the old text went: to the start (0) or the end (1) of what replaced it."""
    pieces = document.pieces
    number = max(0, bisect_right(pieces, at - side, key=lambda piece: piece.source_start) - 1)
    piece = pieces[number]
    end = pieces[number + 1].start if number + 1 < len(pieces) else len(document.text)
    if piece.literal:
        return min(piece.start + max(0, at - piece.source_start), end)
    return end if side else piece.start


def _any_overlaps(spans: Sequence[Span], span: Span) -> bool:
    return any(span.overlaps(other) for other in spans)
