"""A document's sentences: where its own endings and its punctuation cut it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace

from vocolab.texts.document import Document, Pronounced, Role, SayAs, Span
from vocolab.texts.language import SplitRules
from vocolab.texts.splitting import MAX_CHARACTERS, Cut, SentenceSplitter


def sentence_cuts(document: Document, rules: SplitRules, max_characters: int = MAX_CHARACTERS) -> Iterator[Cut]:
    """The sentences of a document, as spans of its text."""
    protected = _merged([hint.span for hint in document.hints if isinstance(hint, SayAs | Pronounced | Role)])
    starts = [span.start for span in protected]
    whole = {span.start: span.end for span in document.whole}
    for start, end, paragraph in _sections(document):
        text = document.text[start:end]
        lead = len(text) - len(text.lstrip())
        if whole.get(start + lead, -1) >= start + len(text.rstrip()):
            keep = [Span(lead, len(text))]
        else:
            inside = protected[bisect_left(starts, start) : bisect_left(starts, end)]
            keep = [Span(span.start - start, min(span.end, end) - start) for span in inside]
        splitter = SentenceSplitter(rules, max_characters=max_characters, protected=keep)
        found = [*splitter.feed(text), *splitter.close()]
        for number, cut in enumerate(found):
            ends = paragraph if number + 1 == len(found) else cut.paragraph
            yield replace(cut, span=cut.span.shifted(start), paragraph=ends)


def _sections(document: Document) -> Iterator[tuple[int, int, bool]]:
    """Start and end of what lies between two endings that the document states, and whether a paragraph ends there."""
    at = 0
    for ending in document.endings:
        yield at, ending.at, ending.paragraph
        at = ending.at
    yield at, len(document.text), True


def _merged(spans: Sequence[Span]) -> list[Span]:
    """Spans in order, those that overlap as one."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start < merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(span.end, merged[-1].end))
        else:
            merged.append(span)
    return merged
