"""Two steps of reading in one: a document that was read from another one's text, carried back to the first source."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace

from vocolab.texts.document import Document, Piece, Span


def rebased(inner: Document, outer: Document) -> Document:
    """`inner`, which was read from `outer.text`, with the source of `outer`. Reports of both are kept."""
    return replace(
        inner,
        source=outer.source,
        pieces=tuple(_mapped(inner, outer)),
        language=inner.language or outer.language,
        reports=outer.reports + inner.reports,
    )


def _mapped(inner: Document, outer: Document) -> Iterator[Piece]:
    """The pieces of the inner text, each in as many as the outer text has there."""
    starts = [piece.start for piece in outer.pieces] or [0]
    limits = [*starts[1:], len(outer.text)]
    ends = [*(piece.start for piece in inner.pieces[1:]), len(inner.text)]
    for piece, end in zip(inner.pieces, ends, strict=False):
        at, until = piece.source_start, piece.source_start + end - piece.start
        if not piece.literal or not outer.pieces:
            source = outer.source_span(Span(piece.source_start, piece.source_end))
            yield Piece(piece.start, source.start, source.end, False)
            continue
        number = max(0, bisect_right(starts, at) - 1)
        while at < until:
            stop, (start, source_start, source_end, literal) = min(until, limits[number]), outer.pieces[number]
            if literal:
                source_start += at - start
                source_end = source_start + stop - at
            if stop > at:
                yield Piece(piece.start + at - piece.source_start, source_start, source_end, literal)
            at, number = stop, number + 1
