"""Two steps of reading in one: a document that was read from another one's text, carried back to the first source."""

from __future__ import annotations

from bisect import bisect_right
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


def _mapped(inner: Document, outer: Document) -> list[Piece]:
    """The pieces of the inner text, each in as many as the outer text has there."""
    mapped: list[Piece] = []
    limits = [*(piece.start for piece in outer.pieces[1:]), len(outer.text)]
    ends = [*(piece.start for piece in inner.pieces[1:]), len(inner.text)]
    number = 0
    for (start, source_start, source_end, is_literal), end in zip(inner.pieces, ends, strict=False):
        if not is_literal or not outer.pieces:
            source = outer.source_span(Span(source_start, source_end))
            mapped.append(Piece(start, source.start, source.end, False))
            continue
        if limits[number] <= source_start or outer.pieces[number].start > source_start:
            number = min(bisect_right(limits, source_start), len(limits) - 1)
        at, until = source_start, source_start + end - start
        while at < until:
            stop, piece = min(until, limits[number]), outer.pieces[number]
            if piece.literal:
                first = piece.source_start + at - piece.start
                mapped.append(Piece(start + at - source_start, first, first + stop - at))
            else:
                mapped.append(Piece(start + at - source_start, piece.source_start, piece.source_end, False))
            at = stop
            number += at < until
    return mapped
