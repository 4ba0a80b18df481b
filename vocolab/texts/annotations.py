"""What a document says of its spans, looked up sentence by sentence, in order."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Generic, Protocol, TypeVar

from vocolab.texts.document import PLAIN, Hint, Prosody, Span, Styled, Voiced


class _Spanned(Protocol):
    @property
    def span(self) -> Span: ...


S = TypeVar("S", bound=_Spanned)


class InOrder(Generic[S]):
    """Things with spans, asked for stretch after stretch: linear in all of them together."""

    def __init__(self, things: Iterable[S]) -> None:
        self._waiting = sorted(things, key=lambda thing: thing.span.start, reverse=True)
        self._active: list[S] = []

    def touching(self, span: Span) -> list[S]:
        """Those that touch a span that starts no earlier than the one before."""
        self._active = [thing for thing in self._active if thing.span.end > span.start]
        while self._waiting and self._waiting[-1].span.start < span.end:
            thing = self._waiting.pop()
            if thing.span.end > span.start:
                self._active.append(thing)
        return [thing for thing in self._active if thing.span.overlaps(span)]


def hints_within(hints: Sequence[Hint], span: Span) -> list[Hint]:
    """Hints cut to a span and counted from its start: what a language is given for a sentence."""
    found = []
    for hint in hints:
        cut = Span(max(hint.span.start, span.start) - span.start, min(hint.span.end, span.end) - span.start)
        found.append(replace(hint, span=cut))
    return found


class ProsodyMap:
    """The prosody at any place of a text, from spans that lie within each other."""

    def __init__(self, styles: Sequence[Styled]) -> None:
        self._starts, self._values = [0], [PLAIN]
        stack: list[tuple[int, Prosody]] = []
        for styled in sorted(styles, key=lambda one: (one.span.start, -one.span.end)):
            self._close(stack, styled.span.start)
            value = styled.prosody.within(stack[-1][1] if stack else PLAIN)
            stack.append((styled.span.end, value))
            self._change(styled.span.start, value)
        self._close(stack, None)

    def at(self, place: int) -> Prosody:
        """The prosody of the code point at `place`."""
        return self._values[bisect_right(self._starts, place) - 1]

    def _close(self, stack: list[tuple[int, Prosody]], until: int | None) -> None:
        while stack and (until is None or stack[-1][0] <= until):
            end, _ = stack.pop()
            self._change(end, stack[-1][1] if stack else PLAIN)

    def _change(self, place: int, value: Prosody) -> None:
        self._starts.append(place)
        self._values.append(value)


def voice_of(voiced: Sequence[Voiced], place: int) -> str:
    """The innermost voice at a place, empty if there is none."""
    inside = [one for one in voiced if one.span.start <= place < one.span.end]
    return inside[-1].voice if inside else ""
